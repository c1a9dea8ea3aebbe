package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.Outage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Listens to a channel of PostgreSQL for as long as it runs. One connection at a time: the next one is made when the one
 * before has ended, with a pause that grows to five times the shortest: a second.
 */
public final class Listener {

    private static final Duration BACK_AFTER = Duration.ofSeconds(10);
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
    private ListeningConnection connection;
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

    /** Returns at once. To be called once. */
    public void start() {
        context = vertx.getOrCreateContext();
        context.runOnContext(now -> connect());
    }

    /** Closes the connection, and makes no other. */
    public void stop() {
        context.runOnContext(now -> {
            stopped = true;
            connection.end("stopped");
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
        if (stopped) {
            return;
        }
        connection = new ListeningConnection(vertx, channel, heartbeat, new Events());
        connection.open(connecting.apply(context));
    }

    /** Events of the connection, on the event loop. */
    private final class Events implements ListeningConnection.Events {

        @Override
        public void listening() {
            listening = true;
            listeningAnew.run();
        }

        @Override
        public void alive() {
            // A connection that ends as soon as it is made is no reason to hurry.
            pause = shortestPause;
            outage.works();
        }

        @Override
        public void heard(String payload) {
            heard.accept(payload);
        }

        @Override
        public void ended(String reason) {
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
    }
}
