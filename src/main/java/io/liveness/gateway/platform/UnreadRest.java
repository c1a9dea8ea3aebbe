package io.liveness.gateway.platform;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * What follows an answer that was given before the whole request had come. The connection goes with the answer, but not at
 * once: closed while the caller still sends, it would be reset, and the answer lost with it.
 */
final class UnreadRest {

    private static final long LINGER_MILLIS = 1_000;

    private UnreadRest() {}

    static void closes(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        context.addEndHandler(answered -> {
            if (request.isEnded()) {
                request.connection().close();
                return;
            }
            long timer = context.vertx()
                    .setTimer(LINGER_MILLIS, late -> request.connection().close());
            request.connection().closeHandler(closed -> context.vertx().cancelTimer(timer));
            request.handler(discarded -> {})
                    .endHandler(end -> request.connection().close())
                    .resume();
        });
    }
}
