package io.liveness.gateway.check;

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
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Wakes the waiters of a session, whichever replica settled it, and those of a caller's events: each replica listens on one connection, and
 * every move that ends a wait notifies (PostgreSQL LISTEN/NOTIFY). A waiter holds neither a thread nor a connection.
 */
@Singleton
public class SettledSignals {

    private static final Logger LOG = Logger.getLogger(SettledSignals.class);
    private static final String CHANNEL = "liveness_settled";
    /** The word before the name of a caller. A signal without it has the id of a session. */
    private static final String CALLER = "caller ";

    private static final int READ_TOGETHER = 500;
    private static final long READ_AGAIN_MILLIS = 1_000;

    /** $1 sessions. Answers those that are worth no more waiting. */
    static final String ENDED =
            "select id from liveness_session where id = any($1) and status not in ('OPENING', 'PENDING')";

    private final Vertx vertx;
    private final Database database;
    private final Listener listener;
    private final WaitingRoom<UUID> waiting = new WaitingRoom<>();
    private final WaitingRoom<String> waitingForEvents = new WaitingRoom<>();
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
        this.listener = Listener.on(CHANNEL, vertx, connections, this::heard, this::listensAgain);
        Gauge.builder("liveness.waiters", () -> waiting.size() + waitingForEvents.size())
                .description("Requests that wait for a verdict or an event at this replica")
                .register(registry);
        Gauge.builder("liveness.signals.listening", () -> listener.isListening() ? 1 : 0)
                .description("1 while this replica receives signals of sessions that other replicas settle")
                .register(registry);
        FunctionCounter.builder("liveness.signals.interruptions", listener, Listener::interruptions)
                .description("How often this replica has ceased to receive them")
                .register(registry);
    }

    /** What a statement calls to wake the waiters of the session in a column. */
    public static String sqlToNotify(String sessionColumn) {
        return "pg_notify('%s', %s::text)::text".formatted(CHANNEL, sessionColumn);
    }

    /**
     * What a statement calls to wake the waiters of the events of the caller in a column. PostgreSQL sends it once for
     * each caller of a transaction.
     */
    public static String sqlToNotifyCaller(String callerColumn) {
        return "pg_notify('%s', '%s' || %s)::text".formatted(CHANNEL, CALLER, callerColumn);
    }

    private void heard(String signal) {
        if (signal.startsWith(CALLER)) {
            waitingForEvents.wake(signal.substring(CALLER.length()));
        } else {
            waiting.wake(UUID.fromString(signal));
        }
    }

    private void listensAgain() {
        readAgain();
        // Each of these reads what it waits for when it is woken.
        waitingForEvents.wakeAll();
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
        waitingForEvents.wakeAll();
    }

    /**
     * Runs the work with the signal of a session's end, or with a signal at the time limit. The subscription begins before the work and is
     * removed on completion, failure or cancellation. A lost connection ends no wait.
     */
    public <T> Uni<T> withNextSignal(UUID session, Duration atMost, Function<Uni<Void>, Uni<T>> work) {
        return withNextSignal(waiting, session, atMost, work);
    }

    /**
     * Runs the work with the signal that the caller has an event or may have one that nothing signalled, or with a
     * signal at the time limit.
     */
    public <T> Uni<T> withNextEvent(String caller, Duration atMost, Function<Uni<Void>, Uni<T>> work) {
        return withNextSignal(waitingForEvents, caller, atMost, work);
    }

    /** No wait begins any more. */
    public boolean isClosing() {
        return closing;
    }

    private <K, T> Uni<T> withNextSignal(
            WaitingRoom<K> room, K awaited, Duration atMost, Function<Uni<Void>, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            WaitingRoom<K>.Seat seat = room.enter(awaited);
            if (closing) {
                seat.wake();
            }
            // A timer of Mutiny keeps all that waited for it until the time is up, although it is cancelled.
            long timer = vertx.setTimer(Math.max(1, atMost.toMillis()), timeUp -> seat.wake());
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
                .iterable(waiting.awaited())
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
        // A listener that is away reads again as soon as it listens.
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

    /** The waiters at this replica, by what they wait for. */
    private static final class WaitingRoom<K> {

        private final Map<K, Set<Seat>> seats = new ConcurrentHashMap<>();

        /** A place of one waiter. After it leaves, woken or not, nothing of it is kept. */
        final class Seat {

            private final K awaited;
            private final CompletableFuture<Void> signal = new CompletableFuture<>();

            private Seat(K awaited) {
                this.awaited = awaited;
            }

            Uni<Void> signal() {
                return Uni.createFrom().completionStage(signal);
            }

            void wake() {
                signal.complete(null);
            }

            void leave() {
                seats.computeIfPresent(awaited, (same, others) -> {
                    others.remove(this);
                    return others.isEmpty() ? null : others;
                });
            }
        }

        Seat enter(K awaited) {
            Seat seat = new Seat(awaited);
            seats.compute(awaited, (same, others) -> {
                Set<Seat> all = others == null ? ConcurrentHashMap.newKeySet() : others;
                all.add(seat);
                return all;
            });
            return seat;
        }

        /** Wakes all who wait for it. */
        void wake(K awaited) {
            Set<Seat> woken = seats.remove(awaited);
            if (woken != null) {
                woken.forEach(Seat::wake);
            }
        }

        void wakeAll() {
            awaited().forEach(this::wake);
        }

        /** What is waited for at this moment. */
        List<K> awaited() {
            return List.copyOf(seats.keySet());
        }

        int size() {
            return seats.values().stream().mapToInt(Set::size).sum();
        }
    }
}
