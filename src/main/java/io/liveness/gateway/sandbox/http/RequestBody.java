package io.liveness.gateway.sandbox.http;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;

/** Reads the bodies of requests: small ones, in memory. */
public final class RequestBody {

    private static final long LIMIT_BYTES = 64 * 1024L;

    private RequestBody() {}

    public static BodyHandler handler() {
        return BodyHandler.create(false).setBodyLimit(LIMIT_BYTES);
    }

    /** No body at all is an empty object. */
    public static Optional<JsonObject> json(RoutingContext context) {
        String text = context.body().asString();
        try {
            return Optional.of(text == null || text.isBlank() ? new JsonObject() : new JsonObject(text));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
