package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Brings an answer on its way, or to grief. HTTP is 200 whatever the code: the document does not say otherwise. */
final class AnswerSender {

    private static final String HTML_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";

    private final SandboxSettings.Timing timing;

    AnswerSender(SandboxSettings.Timing timing) {
        this.timing = timing;
    }

    void send(RoutingContext context, Answer answer) {
        HttpServerResponse response = context.response();
        String json = answer.body().encode();
        switch (answer.delivery()) {
            case PLAIN -> end(response, json);
            case SLOW -> later(context, timing.slowAnswer(), () -> end(response, json));
            case HOLD -> later(context, timing.holdAnswer(), () -> drop(context));
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
