package io.liveness.gateway.sandbox;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;

/** Bodies of requests, small and in memory, and answers of the sandbox's own addresses, as opposed to the vendor's. */
final class Json {

    private static final long LIMIT_BYTES = 64 * 1024L;

    private Json() {}

    static BodyHandler bodies() {
        return BodyHandler.create(false).setBodyLimit(LIMIT_BYTES);
    }

    /** No body at all is an empty object. */
    static Optional<JsonObject> body(RoutingContext context) {
        String text = context.body().asString();
        try {
            return Optional.of(text == null || text.isBlank() ? new JsonObject() : new JsonObject(text));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    static void ok(RoutingContext context, JsonObject body) {
        send(context, 200, body.encode());
    }

    static void ok(RoutingContext context, JsonArray body) {
        send(context, 200, body.encode());
    }

    static void error(RoutingContext context, int status, String message) {
        send(context, status, new JsonObject().put("error", message).encode());
    }

    private static void send(RoutingContext context, int status, String body) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json;charset=UTF-8")
                .putHeader("Cache-Control", "no-store")
                .end(body);
    }
}
