package io.liveness.gateway.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/** The demo pages and the check page, from the class path folder {@code sandbox}. */
final class Pages {

    /** No segment begins with a dot, so none leads out of the folder; the last one is a file's. */
    private static final Pattern SAFE_PATH = Pattern.compile("([\\w-][\\w.-]*/)*[\\w-][\\w.-]*\\.\\w+");

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");

    private Pages() {}

    static void mount(Router router) {
        page(router, "/", "index.html");
        page(router, "/return.html", "return.html");
        page(router, "/receiver.html", "receiver.html");
        page(router, "/lifecheck/v2-1/check/capture.html", "capture.html");
        page(router, SignInApi.ROOT, "sign-in.html");
        router.get("/sandbox/static/*")
                .blockingHandler(
                        context -> serve(context, context.normalizedPath().substring("/sandbox/".length())), false);
        router.get("/favicon.ico")
                .handler(context -> context.response().setStatusCode(204).end());
    }

    private static void page(Router router, String path, String file) {
        router.get(path).blockingHandler(context -> serve(context, file), false);
    }

    private static void serve(RoutingContext context, String path) {
        try (InputStream file =
                SAFE_PATH.matcher(path).matches() ? Pages.class.getResourceAsStream("/sandbox/" + path) : null) {
            if (file == null) {
                context.response()
                        .setStatusCode(404)
                        .putHeader("Content-Type", "text/plain")
                        .end("no such page");
                return;
            }
            String extension = path.substring(path.lastIndexOf('.') + 1);
            context.response()
                    .putHeader("Content-Type", CONTENT_TYPES.getOrDefault(extension, "application/octet-stream"))
                    .putHeader("Cache-Control", "no-store")
                    .end(Buffer.buffer(file.readAllBytes()));
        } catch (IOException e) {
            context.fail(e);
        }
    }
}
