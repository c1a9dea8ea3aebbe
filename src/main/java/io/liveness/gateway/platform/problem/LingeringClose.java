package io.liveness.gateway.platform.problem;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Closes the connection after an answer that was sent before the whole request had arrived. It closes a little later: a close while the
 * caller still sends would reset the connection and lose the answer.
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
