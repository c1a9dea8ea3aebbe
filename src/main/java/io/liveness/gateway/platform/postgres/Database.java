package io.liveness.gateway.platform.postgres;

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
import io.vertx.core.Handler;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs the service's statements. Each one is one transaction and may be repeated when its answer was lost. Each ends within the limits of
 * {@link PostgresConnections}, even when the database or the network fails.
 */
@Singleton
public class Database {

    /** The connections that a statement takes. */
    public enum Connections {
        /**
         * Statements that change nothing, and sessions of {@link PanacheSessions}, take these. They go on while commits
         * hang.
         */
        READING,
        /** All other statements that requests wait for take these. */
        SHARED,
        /** The connections of the scheduler. Requests use none of them, so that polls go on while requests wait. */
        RESERVED,
        /** The connections of {@link Batch}. */
        BATCH
    }

    private final Pool reading;
    private final Supplier<Pool> shared;
    private final Supplier<Pool> reserved;
    private final StatementTimes times;
    private final DatabaseHealth health;

    @Inject
    Database(Pool pool, PostgresConnections connections, StatementTimes times, DatabaseHealth health) {
        this.reading = pool;
        this.shared = connections::shared;
        this.reserved = connections::reserved;
        this.times = times;
        this.health = health;
    }

    /** A database with one pool for everything, without limits and metrics. */
    public Database(Pool pool) {
        this.reading = pool;
        this.shared = () -> pool;
        this.reserved = () -> pool;
        this.times = new StatementTimes(new CompositeMeterRegistry());
        this.health = new DatabaseHealth();
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

    /**
     * Runs one statement on the connections of one's choice, and fails as {@link #execute(String, Tuple)} does. While the database is known to
     * be away, the reserved ones are always tried, since few statements take them, and the others four times a second.
     */
    public Uni<RowSet<Row>> execute(Connections connections, String sql, Tuple parameters) {
        return execute(connections, sql, parameters, rows -> rows);
    }

    /** Runs one statement on the connections of one's choice, and maps its rows in one step. */
    public <T> Uni<T> execute(Connections connections, String sql, Tuple parameters, Function<RowSet<Row>, T> result) {
        return Uni.createFrom().emitter(waiting -> {
            DatabaseUnavailable refused = refusal(connections, connections != Connections.READING);
            if (refused != null) {
                waiting.fail(refused);
                return;
            }
            long begun = health.now();
            Handler<AsyncResult<RowSet<Row>>> ended = answer -> {
                if (answer.succeeded()) {
                    ended(connections, true, null, begun);
                    complete(waiting, result, answer.result());
                } else {
                    waiting.fail(failed(connections, true, answer.cause(), begun));
                }
            };
            // The futures of withConnection and recover were in 8 % of the samples of a profile of reads.
            pool(connections).getConnection().onComplete(made -> {
                if (made.failed()) {
                    waiting.fail(failed(connections, false, made.cause(), begun));
                } else if (mayHang(connections)) {
                    // Commits may have begun to hang while the statement waited for the connection.
                    made.result().close();
                    waiting.fail(failed(connections, false, DatabaseUnavailable.commitsHang(), begun));
                } else {
                    run(made.result(), sql, parameters, ended);
                }
            });
        });
    }

    /**
     * How work fails that is not to begin; null when it may.
     *
     * @param commits whether it changes anything
     */
    DatabaseUnavailable refusal(Connections connections, boolean commits) {
        if (commits && health.commitsHang()) {
            DatabaseUnavailable refused = health.commitWouldHang();
            times.record(connections, refused, 0);
            return refused;
        }
        return connections == Connections.RESERVED || health.mayTry() ? null : health.refusal();
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
            if (answer.failed() && DatabaseFailure.of(answer.cause()) == DatabaseFailure.ONLY_READS) {
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
        return connections != Connections.READING && health.commitsHang();
    }

    private io.vertx.sqlclient.Pool pool(Connections connections) {
        return switch (connections) {
            case READING -> reading.getDelegate();
            case SHARED -> shared.get().getDelegate();
            case RESERVED -> reserved.get().getDelegate();
            case BATCH -> throw new IllegalArgumentException("Statements of the batch lane go by JDBC");
        };
    }

    /** @return how the statement fails, for want of a database or by the driver's own failure */
    Throwable failed(Connections connections, boolean connected, Throwable cause, long begun) {
        Throwable failure = DatabaseUnavailable.orItself(cause);
        ended(connections, connected, failure, begun);
        return failure;
    }

    void ended(Connections connections, boolean connected, Throwable failure, long begun) {
        times.record(connections, failure, health.now() - begun);
        health.ended(connections, connected, failure, begun);
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
            /** The database is away, or access to it. */
            UNAVAILABLE,
            /** No server takes writes. */
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
                return unavailable.failure() == DatabaseFailure.ONLY_READS ? Outcome.ONLY_READS : Outcome.UNAVAILABLE;
            }
            return Outcome.FAILED;
        }
    }
}
