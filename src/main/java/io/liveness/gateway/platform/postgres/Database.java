package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.Outage;
import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets;
import io.liveness.gateway.platform.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs the service's statements. Each one is one transaction and may be repeated when its answer was lost. Each ends within the limits of
 * {@link PostgresConnections}, even when the database or the network fails.
 */
@Singleton
public class Database {

    /** Which connections a statement takes. */
    public enum Connections {
        /** For statements that change nothing. They go on while commits hang. */
        READING,
        /** For all others that requests wait for. */
        SHARED,
        /** The connections of the scheduler. Requests use none of them, so that polls go on while requests wait. */
        RESERVED,
        /** Those of {@link Batch}. */
        BATCH
    }

    private static final Duration BACK_AFTER = Duration.ofSeconds(10);

    private final Pool reading;
    private final Supplier<Pool> shared;
    private final Supplier<Pool> reserved;
    private final StatementTimes times;
    private final Reachability reachability = new Reachability(System::nanoTime);
    private final Outage outage = new Outage("database", BACK_AFTER);
    private volatile boolean commitsHang;

    @Inject
    Database(Pool pool, PostgresConnections connections, StatementTimes times) {
        this.reading = pool;
        this.shared = connections::shared;
        this.reserved = connections::reserved;
        this.times = times;
    }

    /** With one pool for everything, without limits and metrics. */
    public Database(Pool pool) {
        this.reading = pool;
        this.shared = () -> pool;
        this.reserved = () -> pool;
        this.times = new StatementTimes(new CompositeMeterRegistry());
    }

    /**
     * Whether commits hang, as {@link DatabaseWatch} has seen. No limit of time ends such a wait, and a connection that is closed meanwhile
     * leaves its process behind at the server: each more statement that writes would take another one.
     */
    boolean commitsHang() {
        return commitsHang;
    }

    void commitsHang(boolean hang) {
        commitsHang = hang;
    }

    /** Runs one statement that changes nothing, as {@link #execute(String, Tuple)} does. */
    public Uni<RowSet<Row>> read(String sql, Tuple parameters) {
        return execute(Connections.READING, sql, parameters);
    }

    /**
     * Runs one statement with its parameters. Fails with {@link DatabaseUnavailable} when no connection could be had in
     * time, was lost, or gave no answer in time; and at once while the database is known to be away, or commits hang.
     */
    public Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return execute(Connections.SHARED, sql, parameters);
    }

    /** The same on the connections of one's choice. The reserved ones are tried in any case: few statements take them. */
    public Uni<RowSet<Row>> execute(Connections connections, String sql, Tuple parameters) {
        return execute(connections, sql, parameters, rows -> rows);
    }

    /** The same, and maps the rows in one step. */
    public <T> Uni<T> execute(Connections connections, String sql, Tuple parameters, Function<RowSet<Row>, T> result) {
        return Uni.createFrom().emitter(waiting -> {
            if (mayHang(connections)) {
                DatabaseUnavailable refused = DatabaseUnavailable.commitsHang();
                times.record(connections, refused, 0);
                outage.failed(refused.reason());
                waiting.fail(refused);
                return;
            }
            if (connections != Connections.RESERVED && !reachability.mayTry()) {
                waiting.fail(reachability.refusal());
                return;
            }
            long begun = reachability.now();
            Handler<AsyncResult<RowSet<Row>>> ended = answer -> {
                Throwable failure = answer.succeeded() ? null : DatabaseUnavailable.orItself(answer.cause());
                ended(connections, failure, begun);
                if (failure == null) {
                    complete(waiting, result, answer.result());
                } else {
                    waiting.fail(failure);
                }
            };
            // Not by withConnection and recover, whose futures were in 8 % of the samples of a profile of reads.
            pool(connections).getConnection().onComplete(made -> {
                if (made.failed()) {
                    ended.handle(Future.failedFuture(made.cause()));
                } else if (mayHang(connections)) {
                    // They may have begun to while it waited for the connection.
                    made.result().close();
                    ended.handle(Future.failedFuture(DatabaseUnavailable.commitsHang()));
                } else {
                    run(made.result(), sql, parameters, ended);
                }
            });
        });
    }

    /** The only row; not found when there is none. */
    public static Row only(RowSet<Row> rows) {
        return rows.stream().findFirst().orElseThrow(ProblemException::notFound);
    }

    /** The time in a column; null where it has none. */
    public static Instant time(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static void run(
            SqlConnection connection, String sql, Tuple parameters, Handler<AsyncResult<RowSet<Row>>> ended) {
        connection.preparedQuery(sql).execute(parameters).onComplete(answer -> {
            if (answer.failed() && DatabaseUnavailable.isOnlyReads(answer.cause())) {
                // The next connection is made to a server that takes writes.
                PostgresSockets.<RowSet<Row>>dropPooled(connection, answer.cause())
                        .onComplete(gone -> connection.close())
                        .onComplete(ended);
            } else {
                connection.close();
                ended.handle(answer);
            }
        });
    }

    private boolean mayHang(Connections connections) {
        return connections != Connections.READING && commitsHang;
    }

    private io.vertx.sqlclient.Pool pool(Connections connections) {
        return switch (connections) {
            case READING -> reading.getDelegate();
            case SHARED -> shared.get().getDelegate();
            case RESERVED -> reserved.get().getDelegate();
            case BATCH -> throw new IllegalArgumentException("Statements of the batch lane go by JDBC");
        };
    }

    void ended(Connections connections, Throwable failure, long begun) {
        times.record(connections, failure, reachability.now() - begun);
        if (failure instanceof DatabaseUnavailable unavailable) {
            outage.failed(unavailable.reason());
        } else {
            outage.works();
        }
        if (connections == Connections.BATCH) {
            // A statement that takes long there says nothing about those here.
            return;
        }
        if (failure instanceof DatabaseUnavailable unavailable && !unavailable.isAnswer()) {
            reachability.unanswered(begun, unavailable);
        } else {
            reachability.answered();
        }
    }

    private static <T> void complete(UniEmitter<? super T> waiting, Function<RowSet<Row>, T> result, RowSet<Row> rows) {
        T made;
        try {
            made = result.apply(rows);
        } catch (Throwable unusable) {
            // An error too: what waits for the answer would wait for ever.
            waiting.fail(unusable);
            return;
        }
        waiting.complete(made);
    }

    /** Times statements from the request for a connection to the answer: {@code liveness.statements}. */
    @Singleton
    static class StatementTimes {

        private enum Outcome {
            DONE,
            /** For want of a database. */
            UNAVAILABLE,
            /** For want of a server that takes writes. */
            ONLY_READS,
            /** Refused by the database. */
            FAILED
        }

        private final Map<Connections, Map<Outcome, Timer>> timers = new EnumMap<>(Connections.class);

        StatementTimes(MeterRegistry registry) {
            for (Connections connections : Connections.values()) {
                Map<Outcome, Timer> byOutcome = new EnumMap<>(Outcome.class);
                for (Outcome outcome : Outcome.values()) {
                    byOutcome.put(outcome, timer(connections, outcome).register(registry));
                }
                timers.put(connections, byOutcome);
            }
        }

        private static Timer.Builder timer(Connections connections, Outcome outcome) {
            return TimeBuckets.timer("liveness.statements", "Statements, the wait for a connection included")
                    .tag("connections", label(connections))
                    .tag("outcome", label(outcome));
        }

        private static String label(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @param failure null when the statement was answered */
        void record(Connections connections, Throwable failure, long nanos) {
            timers.get(connections).get(outcome(failure)).record(nanos, TimeUnit.NANOSECONDS);
        }

        private static Outcome outcome(Throwable failure) {
            if (failure == null) {
                return Outcome.DONE;
            }
            if (failure instanceof DatabaseUnavailable unavailable) {
                return unavailable.onlyReads() ? Outcome.ONLY_READS : Outcome.UNAVAILABLE;
            }
            return Outcome.FAILED;
        }
    }

    /**
     * Whether the database answers. It is away when a statement waited in vain and no other has had an answer since that statement began,
     * and when its servers only read.
     * While it is away few statements try, and the others fail at once: they would wait for nothing, and all begin together when it is
     * back.
     */
    static final class Reachability {

        private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);
        // What fails sooner, as a refused connection does, keeps nothing waiting.
        private static final Duration IN_VAIN = Duration.ofSeconds(1);

        private final LongSupplier nanos;
        private final AtomicLong lastAttempt = new AtomicLong();
        private volatile long lastAnswer;
        private volatile DatabaseUnavailable away;

        /** @param nanos a clock that never goes back, as {@link System#nanoTime()} is */
        Reachability(LongSupplier nanos) {
            this.nanos = nanos;
            this.lastAnswer = nanos.getAsLong();
        }

        /** The moment at which a statement begins. */
        long now() {
            return nanos.getAsLong();
        }

        /** Whether a statement may be sent: always, but four times a second while the database is away. */
        boolean mayTry() {
            if (away == null) {
                return true;
            }
            long last = lastAttempt.get();
            long now = now();
            return now - last >= BETWEEN_ATTEMPTS.toNanos() && lastAttempt.compareAndSet(last, now);
        }

        /** How a statement fails that may not be sent. */
        DatabaseUnavailable refusal() {
            DatabaseUnavailable last = away;
            return last == null ? DatabaseUnavailable.notInTime() : last.still();
        }

        void answered() {
            lastAnswer = now();
            away = null;
        }

        /** @param begun when the statement without an answer began */
        void unanswered(long begun, DatabaseUnavailable failure) {
            long now = now();
            boolean inVain = failure.onlyReads() || now - begun >= IN_VAIN.toNanos();
            if (lastAnswer - begun < 0 && inVain) {
                if (away == null) {
                    lastAttempt.set(now);
                }
                away = failure;
            }
        }
    }
}
