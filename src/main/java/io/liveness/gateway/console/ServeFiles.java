package io.liveness.gateway.console;

import io.liveness.gateway.console.ConsoleFiles.File;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Answers with a file, and tells the browser to load and run nothing from elsewhere. */
@Singleton
class ServeFiles {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final ConsoleFiles files;

    ServeFiles(ConsoleFiles files) {
        this.files = files;
    }

    void serve(String name, RoutingContext request) {
        files.known(name)
                .ifPresentOrElse(
                        file -> send(file, request),
                        () -> request.vertx()
                                .executeBlocking(() -> files.read(name), false)
                                .onSuccess(read -> read.ifPresentOrElse(file -> send(file, request), request::next))
                                .onFailure(request::fail));
    }

    private static void send(File file, RoutingContext request) {
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type())
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                // Cached with revalidation: the answer is 304 while the file is the same.
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .putHeader(HttpHeaders.ETAG, file.tag());
        if (file.tag().equals(request.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
            return;
        }
        String encodings = request.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (encodings != null && encodings.contains("gzip")) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(file.compressed());
        } else {
            response.end(file.plain());
        }
    }
}
