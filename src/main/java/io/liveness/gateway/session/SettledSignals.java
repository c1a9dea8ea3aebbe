package io.liveness.gateway.session;

import io.liveness.gateway.platform.postgres.Database;
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
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
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
    private static final int READ_TOGETHER = 500;
    private static final long READ_AGAIN_MILLIS = 1_000;

    /** $1 sessions. Answers those that are worth no more waiting. */
    static final String ENDED =
            "select id from liveness_session where id = any($1) and status not in ('OPENING', 'PENDING')";

    private final Vertx vertx;
    private final Database database;
    private final Listener listener;
    private final WaitingRoom waiting = new WaitingRoom();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final Duration untilLeaving;
    private volatile boolean closing;

    SettledSignals(
            Vertx vertx,
            PostgresConnections connections,
            Database database,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.shutdown.delay", defaultValue = "0s") Duration untilLeaving) {
        this.vertx = vertx;
        this.untilLeaving = untilLeaving;
        this.database = database;
        this.listener = Listener.on(
                CHANNEL, vertx, connections, session -> waiting.wake(UUID.fromString(session)), this::readAgain);
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
    private void readAgain() {
        if (!reading.compareAndSet(false, true)) {
            // A signal missed meanwhile may belong to a session that was already looked up.
            readAgainLater();
            return;
        }
        Multi.createFrom()
                .iterable(waiting.sessions())
                .group()
                .intoLists()
                .of(READ_TOGETHER)
                .onItem()
                .transformToUniAndConcatenate(this::endedAmong)
                .onTermination()
                .invoke(() -> reading.set(false))
                .subscribe()
                .with(ended -> ended.forEach(waiting::wake), this::notRead);
    }

    private void notRead(Throwable failure) {
        FailedWork.log(LOG, "signals.not-read-again", failure);
        readAgainLater();
    }

    private void readAgainLater() {
        // Not listening: it is done as soon as we do.
        if (listener.isListening()) {
            vertx.setTimer(READ_AGAIN_MILLIS, again -> readAgain());
        }
    }

    private Uni<List<UUID>> endedAmong(List<UUID> sessions) {
        return database.read(ENDED, Tuple.of(sessions.toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("id"))
                        .toList());
    }

    /**
     * A signal that a session may have ended, shared by all its waiters at this replica. The first waiter reads the session for all:
     * a thousand waiters of one session cause one read.
     */
    public static final class Signal {

        private Uni<SessionRow> read;

        /** @param reading of the session; the same for all waiters that may see it */
        synchronized Uni<SessionRow> read(Supplier<Uni<SessionRow>> reading) {
            if (read == null) {
                read = reading.get().memoize().indefinitely();
            }
            return read;
        }
    }

    /** The waiters at this replica, by their session. */
    private static final class WaitingRoom {

        private final Map<UUID, Set<Seat>> seats = new ConcurrentHashMap<>();

        /** A place of one waiter. After it leaves, woken or not, nothing of it is kept. */
        final class Seat {

            private final UUID session;
            private final CompletableFuture<Signal> signal = new CompletableFuture<>();

            private Seat(UUID session) {
                this.session = session;
            }

            Uni<Signal> signal() {
                return Uni.createFrom().completionStage(signal);
            }

            void wake(Signal woken) {
                signal.complete(woken);
            }

            void leave() {
                seats.computeIfPresent(session, (id, others) -> {
                    others.remove(this);
                    return others.isEmpty() ? null : others;
                });
            }
        }

        Seat enter(UUID session) {
            Seat seat = new Seat(session);
            seats.compute(session, (id, others) -> {
                Set<Seat> all = others == null ? ConcurrentHashMap.newKeySet() : others;
                all.add(seat);
                return all;
            });
            return seat;
        }

        /** Wakes all waiters of the session, with one signal. */
        void wake(UUID session) {
            Set<Seat> woken = seats.remove(session);
            if (woken != null) {
                Signal signal = new Signal();
                woken.forEach(seat -> seat.wake(signal));
            }
        }

        void wakeAll() {
            sessions().forEach(this::wake);
        }

        /** What is waited for at this moment. */
        List<UUID> sessions() {
            return List.copyOf(seats.keySet());
        }

        int size() {
            return seats.values().stream().mapToInt(Set::size).sum();
        }
    }
}
