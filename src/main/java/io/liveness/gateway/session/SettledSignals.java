package io.liveness.gateway.session;

import io.liveness.gateway.platform.postgres.Listener;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Wakes the waiters of a session, whichever replica settled it, and those of a caller's events: each replica listens on one connection, and
 * every move that ends a wait notifies (PostgreSQL LISTEN/NOTIFY). A waiter holds neither a thread nor a connection.
 */
@Singleton
public class SettledSignals {

    private static final String CHANNEL = "liveness_settled";
    /** Before the name of a caller. Without it a signal has the id of a session. */
    private static final String CALLER = "caller ";

    private final Vertx vertx;
    private final Listener listener;
    private final WaitingRoom<UUID> waiting = new WaitingRoom<>();
    private final WaitingRoom<String> waitingForEvents = new WaitingRoom<>();
    private final Duration untilLeaving;
    private volatile boolean closing;

    SettledSignals(
            Vertx vertx,
            PostgresConnections connections,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.shutdown.delay", defaultValue = "0s") Duration untilLeaving) {
        this.vertx = vertx;
        this.untilLeaving = untilLeaving;
        this.listener = Listener.on(CHANNEL, vertx, connections, this::heard, this::wakeAll);
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
    public static String notify(String sessionColumn) {
        return "pg_notify('%s', %s::text)::text".formatted(CHANNEL, sessionColumn);
    }

    /** The same for the waiters of the events of the caller in a column. PostgreSQL sends it once for each caller of a transaction. */
    public static String notifyCaller(String callerColumn) {
        return "pg_notify('%s', '%s' || %s)::text".formatted(CHANNEL, CALLER, callerColumn);
    }

    private void heard(String signal) {
        if (signal.startsWith(CALLER)) {
            waitingForEvents.wake(signal.substring(CALLER.length()));
        } else {
            waiting.wake(UUID.fromString(signal));
        }
    }

    private void wakeAll() {
        waiting.wakeAll();
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
        wakeAll();
    }

    /**
     * Runs the work with the signal of a session's end, or with a signal at the time limit, or when signals may have been missed: the
     * connection was lost. The subscription begins before the work and is removed on completion, failure or cancellation.
     */
    public <T> Uni<T> withNextSignal(UUID session, Duration atMost, Function<Uni<Void>, Uni<T>> work) {
        return withNextSignal(waiting, session, atMost, work);
    }

    /** The same with the signal that the caller has an event, or may have one that nothing signalled. */
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
            CompletableFuture<Void> signal = room.enter(awaited);
            if (closing) {
                signal.complete(null);
            }
            // Not by Mutiny: its timer keeps all that waited for it until the time is up, although it is cancelled.
            long timer = vertx.setTimer(Math.max(1, atMost.toMillis()), timeUp -> signal.complete(null));
            return work.apply(Uni.createFrom().completionStage(signal))
                    .onTermination()
                    .invoke(() -> {
                        vertx.cancelTimer(timer);
                        room.leave(awaited, signal);
                    });
        });
    }

    /** The signals that waiters at this replica wait for, by what is awaited. Of one that has left, woken or not, nothing is kept. */
    private static final class WaitingRoom<K> {

        private final Map<K, Set<CompletableFuture<Void>>> signals = new ConcurrentHashMap<>();

        CompletableFuture<Void> enter(K awaited) {
            CompletableFuture<Void> signal = new CompletableFuture<>();
            signals.compute(awaited, (same, others) -> {
                Set<CompletableFuture<Void>> all = others == null ? ConcurrentHashMap.newKeySet() : others;
                all.add(signal);
                return all;
            });
            return signal;
        }

        void leave(K awaited, CompletableFuture<Void> signal) {
            signals.computeIfPresent(awaited, (same, others) -> {
                others.remove(signal);
                return others.isEmpty() ? null : others;
            });
        }

        /** Wakes all who wait for it. */
        void wake(K awaited) {
            Set<CompletableFuture<Void>> woken = signals.remove(awaited);
            if (woken != null) {
                woken.forEach(signal -> signal.complete(null));
            }
        }

        void wakeAll() {
            List.copyOf(signals.keySet()).forEach(this::wake);
        }

        int size() {
            return signals.values().stream().mapToInt(Set::size).sum();
        }
    }
}
