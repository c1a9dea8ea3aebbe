package io.liveness.gateway.platform.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * One listening connection, from the attempt to connect to its end, which is reported once. A connection without a heartbeat is closed,
 * because neither PostgreSQL nor a broken network reports an end.
 */
final class ListeningConnection {

    private static final Logger LOG = Logger.getLogger(ListeningConnection.class);

    /** What becomes of the connection. */
    interface Events {

        /** From now on signals are heard. */
        void listening();

        /** A sign of life has come back. */
        void alive();

        void heard(String payload);

        /** The last of all, once. */
        void ended(String reason);
    }

    private final Vertx vertx;
    private final String channel;
    private final Duration heartbeat;
    private final Events events;

    private PgConnection connection;
    private String heartbeats;
    private long timer;
    private boolean ended;

    ListeningConnection(Vertx vertx, String channel, Duration heartbeat, Events events) {
        this.vertx = vertx;
        this.channel = channel;
        this.heartbeat = heartbeat;
        this.events = events;
    }

    /** To be called on an event loop, on which all that follows happens. */
    void open(Future<PgConnection> connecting) {
        expectSomething();
        connecting.onComplete(made -> {
            if (made.failed()) {
                end(made.cause().getMessage());
            } else if (ended) {
                made.result().close();
            } else {
                listen(made.result());
            }
        });
    }

    private void listen(PgConnection made) {
        connection = made;
        heartbeats = "liveness_heartbeat_" + made.processId();
        made.exceptionHandler(failure -> end(failure.getMessage()))
                .closeHandler(closed -> end("connection closed"))
                .notificationHandler(this::hear);
        made.query("listen " + channel + "; listen " + heartbeats).execute().onComplete(done -> {
            if (done.failed()) {
                end(done.cause().getMessage());
            } else if (!ended) {
                events.listening();
                beat();
            }
        });
    }

    /** Over this connection, so that the heartbeat passes through PostgreSQL's queue of signals. */
    private void beat() {
        expectSomething();
        connection
                .query("select pg_notify('" + heartbeats + "', '')")
                .execute()
                .onFailure(failure -> end(failure.getMessage()));
    }

    private void hear(PgNotification signal) {
        if (ended) {
            return;
        }
        if (signal.getChannel().equals(heartbeats)) {
            vertx.cancelTimer(timer);
            events.alive();
            timer = vertx.setTimer(heartbeat.toMillis(), due -> beat());
            return;
        }
        try {
            events.heard(signal.getPayload());
        } catch (RuntimeException e) {
            LOG.errorf(e, "signals.not-understood channel=%s", channel);
        }
    }

    private void expectSomething() {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(heartbeat.toMillis(), late -> end("no sign of life within " + heartbeat));
    }

    void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(timer);
        try {
            // An exception of a closed channel has no message.
            events.ended(reason == null ? "connection lost" : reason);
        } finally {
            if (connection != null) {
                connection.close();
            }
        }
    }
}
