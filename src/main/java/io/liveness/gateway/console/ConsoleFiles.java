package io.liveness.gateway.console;

import io.liveness.gateway.console.ConsoleFiles.File;
import io.liveness.gateway.platform.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Answers with files of the console, from the class path folder {@code console}; they are kept in memory after the first request. Tells the
 * browser to load and run nothing from elsewhere, and to keep to https.
 */
@Singleton
class ConsoleFiles {

    /** No segment begins with a dot, so none leads out of the folder. */
    private static final Pattern SAFE = Pattern.compile("([\\w-]+/)*[\\w-]+(\\.[\\w-]+)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "md", "text/markdown;charset=UTF-8",
            "svg", "image/svg+xml");

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** @param tag changes with the content, for {@code ETag} */
    record File(String type, Buffer plain, Buffer compressed, String tag) {}

    private final Map<String, File> known = new ConcurrentHashMap<>();

    void serve(String name, RoutingContext request) {
        File file = known.get(name);
        if (file != null) {
            send(file, request);
            return;
        }
        request.vertx()
                .executeBlocking(() -> read(name), false)
                .onSuccess(read -> read.ifPresentOrElse(found -> send(found, request), request::next))
                .onFailure(request::fail);
    }

    private void send(File file, RoutingContext request) {
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type())
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                // What comes by http is not to be believed, and browsers pass over it.
                .putHeader("Strict-Transport-Security", "max-age=31536000")
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

    /** Reads a file; blocks. Empty when there is none. */
    Optional<File> read(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !SAFE.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream resource = ConsoleFiles.class.getResourceAsStream("/console/" + name)) {
            if (resource == null) {
                return Optional.empty();
            }
            File file = file(type, resource.readAllBytes());
            known.put(name, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static File file(String type, byte[] content) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        }
        return new File(type, Buffer.buffer(content), Buffer.buffer(compressed.toByteArray()), tag(content));
    }

    private static String tag(byte[] content) {
        byte[] hash = Sha256.digest().digest(content);
        return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + "\"";
    }
}
