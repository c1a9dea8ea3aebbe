package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.connection.DatabaseConfig;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs the service's statements. Each one is one transaction and may be repeated when its answer was lost. Each ends within the limits of
 * {@code liveness.database}, even when the database or the network fails.
 */
@Singleton
public class Database {

    /** Which connections a statement takes. */
    public enum Connections {
        /** Those of the pool: for all that requests wait for. */
        SHARED,
        /** The connections of the scheduler. Requests use none of them, so that polls go on while requests wait. */
        RESERVED
    }

    private final Pool pool;
    private final Supplier<Pool> reserved;
    private final StatementTimes times;
    private final Duration longestStatement;
    private final Reachability reachability = new Reachability(System::nanoTime);

    @Inject
    Database(Pool pool, PostgresConnections connections, StatementTimes times, DatabaseConfig config) {
        this.pool = pool;
        this.reserved = connections::reserved;
        this.times = times;
        this.longestStatement = config.statementTimeout();
    }

    /** With one pool for everything, without limits and metrics. */
    public Database(Pool pool) {
        this.pool = pool;
        this.reserved = () -> pool;
        this.times = new StatementTimes(new CompositeMeterRegistry());
        this.longestStatement = Duration.ZERO;
    }

    /** How long a statement may go on in the database after its answer was given up. */
    public Duration longestStatement() {
        return longestStatement;
    }

    /**
     * Runs one statement with its parameters. Fails with {@link DatabaseUnavailable} when no connection could be had in
     * time, was lost, or gave no answer in time; and at once while the database is known to be away.
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
            if (connections == Connections.SHARED && !reachability.mayTry()) {
                waiting.fail(DatabaseUnavailable.isAway());
                return;
            }
            long begun = reachability.now();
            pool(connections)
                    .withConnection(connection -> connection.preparedQuery(sql).execute(parameters))
                    .onComplete(answer -> {
                        Throwable failure = answer.succeeded() ? null : DatabaseUnavailable.orItself(answer.cause());
                        ended(connections, failure, begun);
                        if (failure == null) {
                            complete(waiting, result, answer.result());
                        } else {
                            waiting.fail(failure);
                        }
                    });
        });
    }

    private io.vertx.sqlclient.Pool pool(Connections connections) {
        return (connections == Connections.RESERVED ? reserved.get() : pool).getDelegate();
    }

    private void ended(Connections connections, Throwable failure, long begun) {
        times.record(connections, failure, reachability.now() - begun);
        if (failure instanceof DatabaseUnavailable unavailable && !unavailable.isAnswer()) {
            reachability.unanswered(begun);
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
}
