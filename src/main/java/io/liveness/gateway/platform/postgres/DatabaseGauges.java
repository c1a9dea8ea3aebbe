package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.LastReading;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;

/**
 * Shows the size of the database, {@code liveness.database.bytes}, and for how long its oldest transaction is open, {@code
 * liveness.oldest.transaction}: as long as it is, vacuum removes no version of a row that changed since. Neither has a value while the
 * database cannot be read.
 */
@Startup // its metrics are there from the start
@Singleton
class DatabaseGauges {

    /** Transactions of other roles are seen by a member of {@code pg_read_all_stats} only. */
    private static final String OLDEST = """
            select coalesce(extract(epoch from max(clock_timestamp() - begun)), 0)::float8 as seconds
            from (select xact_start as begun from pg_stat_activity
                  where datname = current_database() and backend_type = 'client backend'
                    and (backend_xid is not null or backend_xmin is not null)
                  union all
                  select prepared from pg_prepared_xacts where database = current_database()) open
            """;

    private final Database database;
    private final LastReading<Long> bytes = new LastReading<>();
    private final LastReading<Double> seconds = new LastReading<>();

    DatabaseGauges(Database database, MeterRegistry registry) {
        this.database = database;
        Gauge.builder("liveness.database", () -> bytes.figure(Long::doubleValue))
                .description("Size of the database with its indexes")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("liveness.oldest.transaction", () -> seconds.figure(age -> age))
                .description("Seconds since the oldest transaction of the database began")
                .baseUnit("seconds")
                .register(registry);
    }

    // PostgreSQL looks at each of its files: some milliseconds, so it is not read often.
    @NonBlocking
    @Scheduled(identity = "database-size", every = "5m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> readSize() {
        return bytes.keep(database.read("select pg_database_size(current_database())", Tuple.tuple())
                .map(rows -> rows.iterator().next().getLong(0)));
    }

    @NonBlocking
    @Scheduled(identity = "oldest-transaction", every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> readOldestTransaction() {
        return seconds.keep(database.execute(
                Connections.READING,
                OLDEST,
                Tuple.tuple(),
                rows -> rows.iterator().next().getDouble("seconds")));
    }
}
