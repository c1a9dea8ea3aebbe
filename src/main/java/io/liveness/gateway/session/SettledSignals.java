package io.liveness.gateway.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Wakes those who wait for a session, whichever replica settled it: each replica listens on one connection, and every move
 * that ends a wait notifies (PostgreSQL LISTEN/NOTIFY). Who waits holds neither a thread nor a connection.
 */
@Singleton
class SettledSignals {

    private static final Logger LOG = Logger.getLogger(SettledSignals.class);
    private static final String CHANNEL = "liveness_settled";
    private static final long LISTEN_AGAIN_MILLIS = 1_000;

    private final Pool pool;
    private final Vertx vertx;
    private final Map<UUID, Set<CompletableFuture<Signal>>> waiting = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    SettledSignals(Pool pool, Vertx vertx, MeterRegistry registry) {
        this.pool = pool;
        this.vertx = vertx;
        registry.gauge("liveness.waiters", waiting, SettledSignals::count);
    }

    private static int count(Map<UUID, Set<CompletableFuture<Signal>>> waiting) {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }

    /** What a statement calls to wake those who wait for the session in a column. */
    static String notify(String sessionColumn) {
        return "pg_notify('%s', %s::text)::text".formatted(CHANNEL, sessionColumn);
    }

    void start(@Observes StartupEvent start) {
        listen();
    }

    void stop(@Observes ShutdownEvent stop) {
        stopping = true;
    }

    /**
     * Runs what is given with a session's next signal, which is heard from before the start on, or with another one when the
     * time is up. However the work ends, when whoever asked for it has left too, nothing of it stays.
     */
    <T> Uni<T> hearing(UUID session, Duration atMost, Function<Uni<Signal>, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            CompletableFuture<Signal> signal = new CompletableFuture<>();
            add(session, signal);
            // Not by Mutiny: its timer keeps all that waited for it until the time is up, although it is cancelled.
            long timer = vertx.setTimer(atMost.toMillis(), timeUp -> signal.complete(new Signal()));
            return work.apply(Uni.createFrom().completionStage(signal))
                    .onTermination()
                    .invoke(() -> {
                        vertx.cancelTimer(timer);
                        remove(session, signal);
                    });
        });
    }

    private void add(UUID session, CompletableFuture<Signal> waiter) {
        waiting.compute(session, (id, waiters) -> {
            Set<CompletableFuture<Signal>> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
            all.add(waiter);
            return all;
        });
    }

    private void remove(UUID session, CompletableFuture<Signal> waiter) {
        waiting.computeIfPresent(session, (id, waiters) -> {
            waiters.remove(waiter);
            return waiters.isEmpty() ? null : waiters;
        });
    }

    private void listen() {
        if (stopping) {
            return;
        }
        // While nobody listened a signal may have been missed: whoever waits looks again.
        pool.getConnection()
                .chain(this::listenOn)
                .subscribe()
                .with(listening -> waiting.keySet().forEach(this::wake), this::listenLater);
    }

    private Uni<?> listenOn(SqlConnection connection) {
        PgConnection.cast(connection.getDelegate())
                .notificationHandler(signal -> wake(UUID.fromString(signal.getPayload())))
                .closeHandler(closed -> listenLater(null));
        return connection.query("listen " + CHANNEL).execute();
    }

    private void listenLater(Throwable failure) {
        if (!stopping) {
            LOG.warnf("signals.interrupted %s", failure == null ? "connection closed" : failure.getMessage());
            vertx.setTimer(LISTEN_AGAIN_MILLIS, again -> listen());
        }
    }

    private void wake(UUID session) {
        Set<CompletableFuture<Signal>> waiters = waiting.remove(session);
        if (waiters != null) {
            Signal signal = new Signal();
            waiters.forEach(waiter -> waiter.complete(signal));
        }
    }
}
