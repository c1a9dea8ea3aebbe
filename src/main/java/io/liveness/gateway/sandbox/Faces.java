package io.liveness.gateway.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The face images behind faceImageUrl. How long they stay is not stated; here until they are made to go. */
final class Faces {

    /** The one image of all checks: a drawn face of no real person. */
    static final byte[] JPEG = read();

    private static final String PATH = "/lifecheck/v2-1/face/";

    private final Map<String, String> nameByTaskNo = new ConcurrentHashMap<>();

    void mount(Router router) {
        router.get(PATH + ":name").handler(this::serve);
    }

    /** Returns the path of a check's image, always the same one; it cannot be guessed. */
    String path(String taskNo) {
        return PATH + nameByTaskNo.computeIfAbsent(taskNo, any -> UUID.randomUUID() + ".jpg");
    }

    void clear() {
        nameByTaskNo.clear();
    }

    private void serve(RoutingContext context) {
        if (nameByTaskNo.containsValue(context.pathParam("name"))) {
            context.response()
                    .putHeader("Content-Type", "image/jpeg")
                    .putHeader("Cache-Control", "no-store")
                    .end(Buffer.buffer(JPEG));
        } else {
            context.response().setStatusCode(404).end();
        }
    }

    private static byte[] read() {
        try (InputStream file = Faces.class.getResourceAsStream("/sandbox/face.jpg")) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
