package io.liveness.gateway.platform.problem;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * What follows an answer that was given before the whole request had come. The connection goes with the answer, but not at
 * once: closed while the caller still sends, it would be reset, and the answer lost with it.
 */
public final class LingeringClose {

    private static final long LINGER_MILLIS = 1_000;

    private LingeringClose() {}

    public static void closes(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        context.addEndHandler(answered -> closes(context.request()));
    }

    private static void closes(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        closes(connection, connection::close);
        request.handler(discarded -> {}).endHandler(end -> connection.close()).resume();
    }

    static void closes(HttpConnection connection, Runnable close) {
        Vertx vertx = Vertx.currentContext().owner();
        long timer = vertx.setTimer(LINGER_MILLIS, late -> close.run());
        connection.closeHandler(closed -> vertx.cancelTimer(timer));
    }
}
