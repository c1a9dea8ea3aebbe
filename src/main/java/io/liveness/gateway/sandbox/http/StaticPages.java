package io.liveness.gateway.sandbox.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The demo pages and the check page, from the class path folder {@code sandbox}. */
public final class StaticPages {

    /** No segment begins with a dot, so none leads out of the folder; the last one is a file's. */
    private static final Pattern SAFE_PATH = Pattern.compile("([\\w-][\\w.-]*/)*[\\w-][\\w.-]*\\.\\w+");

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "json", "application/json;charset=UTF-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "jpg", "image/jpeg",
            "woff2", "font/woff2");

    private final Vertx vertx;

    public StaticPages(Vertx vertx) {
        this.vertx = vertx;
    }

    public void mount(Router router) {
        router.get("/").handler(context -> serve(context, "index.html"));
        router.get("/return.html").handler(context -> serve(context, "return.html"));
        router.get("/lifecheck/v2-1/check/capture.html").handler(context -> serve(context, "capture.html"));
        router.get("/sandbox/sign-in").handler(context -> serve(context, "sign-in.html"));
        router.get("/sandbox/static/*").handler(this::serveStatic);
        router.get("/favicon.ico")
                .handler(context -> context.response().setStatusCode(204).end());
    }

    private void serveStatic(RoutingContext context) {
        String path = context.normalizedPath().substring("/sandbox/".length());
        serve(context, path);
    }

    private void serve(RoutingContext context, String path) {
        vertx.executeBlocking(() -> read(path), false)
                .onSuccess(found -> found.ifPresentOrElse(
                        bytes -> context.response()
                                .putHeader("Content-Type", contentType(path))
                                .putHeader("Cache-Control", "no-store")
                                .end(bytes),
                        () -> notFound(context)))
                .onFailure(context::fail);
    }

    private static Optional<Buffer> read(String path) throws IOException {
        if (!SAFE_PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        try (InputStream resource = StaticPages.class.getResourceAsStream("/sandbox/" + path)) {
            return resource == null ? Optional.empty() : Optional.of(Buffer.buffer(resource.readAllBytes()));
        }
    }

    private static String contentType(String path) {
        String extension = path.substring(path.lastIndexOf('.') + 1);
        return CONTENT_TYPES.getOrDefault(extension, "application/octet-stream");
    }

    private static void notFound(RoutingContext context) {
        context.response()
                .setStatusCode(404)
                .putHeader("Content-Type", "text/plain")
                .end("no such page");
    }
}
