package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.Outage;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Listens to a channel of PostgreSQL for as long as it runs. One connection at a time: the next one is made when the one
 * before has ended, with a pause that grows to five times the shortest: a second.
 */
public final class Listener {

    private static final Logger LOG = Logger.getLogger(Listener.class);
    private static final Duration BACK_AFTER = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final int GROWS = 5;

    private final Vertx vertx;
    private final Function<Context, Future<PgConnection>> connecting;
    private final Duration heartbeat;
    private final long shortestPause;
    private final String channel;
    private final Consumer<String> heard;
    private final Runnable listeningAnew;

    private volatile boolean listening;
    private volatile long interruptions;
    // All below is touched on one event loop alone.
    private Context context;
    private Listening attempt;
    private long pause;
    private final Outage outage = new Outage("signals", BACK_AFTER);
    private boolean stopped;

    Listener(
            Vertx vertx,
            Function<Context, Future<PgConnection>> connecting,
            Duration heartbeat,
            Duration shortestPause,
            String channel,
            Consumer<String> heard,
            Runnable listeningAnew) {
        this.vertx = vertx;
        this.connecting = connecting;
        this.heartbeat = heartbeat;
        this.shortestPause = shortestPause.toMillis();
        this.pause = this.shortestPause;
        this.channel = channel;
        this.heard = heard;
        this.listeningAnew = listeningAnew;
    }

    /**
     * Makes a listener that is not started, with a separate connection outside the pool.
     *
     * @param heard receives the payload of each signal
     * @param listeningAnew runs whenever listening starts again: earlier signals may have been missed
     */
    public static Listener on(
            String channel,
            Vertx vertx,
            PostgresConnections connections,
            Consumer<String> heard,
            Runnable listeningAnew) {
        return new Listener(
                vertx,
                connections::connectToListen,
                PostgresConnections.HEARTBEAT,
                SHORTEST_PAUSE,
                channel,
                heard,
                listeningAnew);
    }

    /** Returns at once. To be called once. */
    public void start() {
        context = vertx.getOrCreateContext();
        context.runOnContext(now -> connect());
    }

    /** Closes the connection, and makes no other. */
    public void stop() {
        context.runOnContext(now -> {
            stopped = true;
            attempt.end("stopped");
        });
    }

    /** Whether a signal sent now will be received, judged by the last heartbeat. */
    public boolean isListening() {
        return listening;
    }

    /** How often listening has ended since the start. */
    public long interruptions() {
        return interruptions;
    }

    private void connect() {
        if (!stopped) {
            attempt = new Listening();
            attempt.begin();
        }
    }

    private void ended(String reason) {
        boolean interrupted = listening;
        listening = false;
        if (stopped) {
            return;
        }
        if (interrupted) {
            interruptions++;
        }
        vertx.setTimer(pause, over -> connect());
        pause = Math.min(2 * pause, GROWS * shortestPause);
        outage.failed(reason);
    }

    /**
     * One connection, from the attempt to connect to its end, which is reported once. A connection without a heartbeat is closed, because
     * neither PostgreSQL nor a broken network reports an end.
     */
    private final class Listening {

        private PgConnection connection;
        private String heartbeats;
        private long timer;
        private boolean ended;

        void begin() {
            expectSomething();
            connecting.apply(context).onComplete(made -> {
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
                    listening = true;
                    listeningAnew.run();
                    beat();
                }
            });
        }

        /** The heartbeat goes over this connection, so that it passes through PostgreSQL's queue of signals. */
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
                // A connection that ends as soon as it is made is no reason to hurry.
                pause = shortestPause;
                outage.works();
                timer = vertx.setTimer(heartbeat.toMillis(), due -> beat());
                return;
            }
            try {
                heard.accept(signal.getPayload());
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
                Listener.this.ended(reason == null ? "connection lost" : reason);
            } finally {
                if (connection != null) {
                    connection.close();
                }
            }
        }
    }
}
