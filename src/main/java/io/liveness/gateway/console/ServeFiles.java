package io.liveness.gateway.console;

import io.liveness.gateway.console.ConsoleFiles.File;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Answers with a file, and tells the browser to load and run nothing from elsewhere, and to come by https where people do. */
@Singleton
class ServeFiles {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final String A_YEAR = "max-age=31536000";

    private final ConsoleFiles files;
    private final boolean https;

    /** @param https whether people use the console by https, whatever the proxy in front uses */
    ServeFiles(
            ConsoleFiles files,
            @ConfigProperty(name = "quarkus.oidc.console.authentication.force-redirect-https-scheme") boolean https) {
        this.files = files;
        this.https = https;
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

    private void send(File file, RoutingContext request) {
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type())
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                // Cached with revalidation: the answer is 304 while the file is the same.
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .putHeader(HttpHeaders.ETAG, file.tag());
        if (https) {
            response.putHeader("Strict-Transport-Security", A_YEAR);
        }
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
