package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.connection.PlannerSettings;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Reads a large result row by row, over a connection that is made for it and is of no pool: nothing else waits for it. */
@Singleton
public class Snapshots {

    /**
     * Planner settings that are off, beside {@link PlannerSettings#OFF}: rows come in the order of one index. A plan that sorts may look
     * cheaper, but returns its first row only after it has read all.
     */
    public static final List<String> PLANNED_WITHOUT = List.of("enable_sort", "enable_bitmapscan");

    private static final String BEGIN = """
            begin isolation level repeatable read, read only;
            set local statement_timeout = %d;
            set local idle_in_transaction_session_timeout = %d;
            set local max_parallel_workers_per_gather = 0"""
            + PLANNED_WITHOUT.stream().map("; set local %s = off"::formatted).collect(Collectors.joining());

    private final PostgresConnections connections;

    Snapshots(PostgresConnections connections) {
        this.connections = connections;
    }

    /**
     * Begins to read. Results arrive on the context. Fails with {@link DatabaseUnavailable} when no connection could be made or the
     * database gave no answer in time.
     *
     * @param forRows time limit for a portion of rows
     * @param whole the longest that the database keeps an idle transaction, in case this process has ended
     */
    public Future<Snapshot> open(Context context, String sql, Tuple parameters, Duration forRows, Duration whole) {
        ContextInternal caller = (ContextInternal) context;
        Future<Snapshot> opened = connections
                .connectToRead(caller.unwrap())
                .compose(connection -> begin(connection, sql, forRows, whole)
                        .map(statement -> new Snapshot(caller, connection, statement.cursor(parameters)))
                        .onFailure(failed -> PostgresSockets.drop(connection)));
        return on(caller, opened);
    }

    private static Future<PreparedStatement> begin(
            PgConnection connection, String sql, Duration forRows, Duration whole) {
        return connection
                .query(BEGIN.formatted(forRows.toMillis(), whole.toMillis()))
                .execute()
                .compose(begun -> connection.prepare(sql));
    }

    /** The same on another context, with failures of the type that is documented. */
    static <T> Future<T> on(ContextInternal context, Future<T> work) {
        Promise<T> promise = context.promise();
        work.onComplete(done -> {
            if (done.succeeded()) {
                promise.complete(done.result());
            } else {
                promise.fail(DatabaseUnavailable.orItself(done.cause()));
            }
        });
        return promise.future();
    }
}
