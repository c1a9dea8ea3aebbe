package io.liveness.gateway.platform.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;

/** Runs the service's statements. Each one is a transaction of its own and may be repeated when its answer was lost. */
@Singleton
public class Database {

    private final Pool pool;

    public Database(Pool pool) {
        this.pool = pool;
    }

    /** Runs one statement with its parameters. */
    public Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }
}
