package io.liveness.gateway.session.waiting;

import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Listener;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Wakes the waiters of a session, whichever replica settled it: each replica listens on one connection, and every move
 * that ends a wait notifies (PostgreSQL LISTEN/NOTIFY). A waiter holds neither a thread nor a connection.
 */
@Singleton
public class SettledSignals {

    private static final Logger LOG = Logger.getLogger(SettledSignals.class);
    private static final String CHANNEL = "liveness_settled";
    private static final int LOOKED_AT_TOGETHER = 500;
    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private final Vertx vertx;
    private final SettledAmong settled;
    private final Listener listener;
    private final WaitingRoom waiting = new WaitingRoom();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Duration untilLeaving;
    private volatile boolean closing;

    SettledSignals(
            Vertx vertx,
            PostgresConnections connections,
            SettledAmong settled,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.shutdown.delay", defaultValue = "0s") Duration untilLeaving) {
        this.vertx = vertx;
        this.untilLeaving = untilLeaving;
        this.settled = settled;
        this.listener = Listener.on(
                CHANNEL, vertx, connections, session -> waiting.wake(UUID.fromString(session)), this::lookAgain);
        Gauge.builder("liveness.waiters", waiting, WaitingRoom::size)
                .description("Requests that wait for a verdict at this replica")
                .register(registry);
        Gauge.builder("liveness.signals.listening", () -> listener.isListening() ? 1 : 0)
                .description("1 while this replica receives signals of sessions that other replicas settle")
                .register(registry);
        FunctionCounter.builder("liveness.signals.interruptions", listener, Listener::interruptions)
                .description("How often this replica has ceased to receive them")
                .register(registry);
    }

    /** What a statement calls to wake the waiters of the session in a column. */
    public static String notify(String sessionColumn) {
        return "pg_notify('%s', %s::text)::text".formatted(CHANNEL, sessionColumn);
    }

    void start(@Observes StartupEvent start) {
        listener.start();
    }

    void stop(@Observes ShutdownEvent stop) {
        listener.stop();
    }

    /**
     * The process was asked to stop and is no longer ready. When it stops accepting requests, held ones are answered with their session as
     * it is, because a wait may last longer than the shutdown.
     */
    void leave(@Observes ShutdownDelayInitiatedEvent told) {
        vertx.setTimer(Math.max(1, untilLeaving.toMillis()), over -> sendAllOn());
    }

    private void sendAllOn() {
        closing = true;
        waiting.wakeAll();
    }

    /**
     * Runs the work with the signal of a session's end, or with a signal at the time limit. The subscription begins before the work and is
     * removed on completion, failure or cancellation. A lost connection ends no wait.
     */
    public <T> Uni<T> withNextSignal(UUID session, Duration atMost, Function<Uni<Signal>, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            WaitingRoom.Seat seat = waiting.enter(session);
            if (closing) {
                seat.wake(new Signal());
            }
            // Not by Mutiny: its timer keeps all that waited for it until the time is up, although it is cancelled.
            long timer = vertx.setTimer(atMost.toMillis(), timeUp -> seat.wake(new Signal()));
            return work.apply(seat.signal()).onTermination().invoke(() -> {
                vertx.cancelTimer(timer);
                seat.leave();
            });
        });
    }

    /**
     * Signals may have been missed while the connection was down. Looks up the sessions of all waiters, some hundred in one statement, one
     * statement at a time; waiters of unsettled sessions keep waiting.
     */
    private void lookAgain() {
        if (!looking.compareAndSet(false, true)) {
            // A signal missed meanwhile may belong to a session that was already looked up.
            lookAgainLater();
            return;
        }
        Multi.createFrom()
                .iterable(waiting.sessions())
                .group()
                .intoLists()
                .of(LOOKED_AT_TOGETHER)
                .onItem()
                .transformToUniAndConcatenate(settled::among)
                .onTermination()
                .invoke(() -> looking.set(false))
                .subscribe()
                .with(ended -> ended.forEach(waiting::wake), this::notLooked);
    }

    private void notLooked(Throwable failure) {
        FailedWork.log(LOG, "signals.not-looked-again", failure);
        lookAgainLater();
    }

    private void lookAgainLater() {
        // Not listening: it is done as soon as we do.
        if (listener.isListening()) {
            vertx.setTimer(LOOK_AGAIN_MILLIS, again -> lookAgain());
        }
    }
}
