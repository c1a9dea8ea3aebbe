package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.connection.PostgresSockets;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

/** The rows of one statement, as they were when it began, by a cursor at the server. It has to be closed or dropped, once. */
public final class Snapshot {

    private final ContextInternal context;
    private final PgConnection connection;
    private final Cursor cursor;

    Snapshot(ContextInternal context, PgConnection connection, Cursor cursor) {
        this.context = context;
        this.connection = connection;
        this.cursor = cursor;
    }

    /** The next rows; fails with {@link DatabaseUnavailable} when the database or the way to it was lost. */
    public Future<RowSet<Row>> read(int rows) {
        return Snapshots.on(context, cursor.read(rows));
    }

    /** Whether there may be rows behind those that were read. */
    public boolean hasMore() {
        return cursor.hasMore();
    }

    /** To be called when no read is under way that matters. */
    public void close() {
        connection.query("rollback").execute().onComplete(rolledBack -> connection.close());
    }

    /** Ends it at once, also while the database is busy with it or does not answer. */
    public void drop() {
        PostgresSockets.drop(connection);
    }
}
