package io.liveness.gateway.sandbox.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Answers of the sandbox's own addresses, as opposed to the vendor's. */
public final class JsonAnswer {

    private JsonAnswer() {}

    public static void ok(RoutingContext context, JsonObject body) {
        send(context, 200, body.encode());
    }

    public static void ok(RoutingContext context, JsonArray body) {
        send(context, 200, body.encode());
    }

    public static void error(RoutingContext context, int status, String message) {
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
