package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.scenario.AnswerCode;
import io.liveness.gateway.sandbox.scenario.Scenario.Delivery;
import io.liveness.gateway.sandbox.settings.SandboxConfig;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** The vendor's answer to a call, and what becomes of it on its way. */
record Answer(JsonObject body, Delivery delivery) {

    private static final String HTML_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";

    static Answer plain(JsonObject body) {
        return new Answer(body, Delivery.PLAIN);
    }

    /** A refusal of any call: no fee (vendor document, 公共返回字段说明). */
    static Answer refusal(int code, String taskNo) {
        return plain(body(code, AnswerCode.common(code), taskNo).put("charge", false));
    }

    static JsonObject body(int code, String msg, String taskNo) {
        return new JsonObject().put("code", code).put("msg", msg).put("taskNo", taskNo);
    }

    /** Brings it on its way, or to grief. HTTP is 200 whatever the code: the document does not say otherwise. */
    void send(RoutingContext context, SandboxConfig config) {
        HttpServerResponse response = context.response();
        String json = body.encode();
        switch (delivery) {
            case PLAIN -> end(response, json);
            case SLOW -> later(context, config.slowAnswer(), () -> end(response, json));
            case HOLD -> later(context, config.holdAnswer(), () -> drop(context));
            case DROP -> drop(context);
            case GARBAGE -> end(response, json.substring(0, json.length() / 2));
            case HTML ->
                response.setStatusCode(502)
                        .putHeader("Content-Type", "text/html")
                        .end(HTML_PAGE);
            case EMPTY -> end(response, "");
        }
    }

    private static void end(HttpServerResponse response, String body) {
        response.putHeader("Content-Type", "application/json;charset=UTF-8").end(body);
    }

    private static void drop(RoutingContext context) {
        context.request().connection().close();
    }

    /** Not at all when the caller has gone meanwhile. */
    private static void later(RoutingContext context, Duration wait, Runnable action) {
        context.vertx().setTimer(Math.max(1, wait.toMillis()), timer -> {
            if (!context.response().closed()) {
                action.run();
            }
        });
    }
}
