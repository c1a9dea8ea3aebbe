package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.LastReading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;

/** Shows the size of the database, {@code liveness.database.bytes}. It has no value while the database cannot be read. */
@Startup // its metric is there from the start
@Singleton
class DatabaseSize {

    private final Database database;
    private final LastReading<Long> bytes = new LastReading<>();

    DatabaseSize(Database database, MeterRegistry registry) {
        this.database = database;
        Gauge.builder("liveness.database", () -> bytes.figure(Long::doubleValue))
                .description("Size of the database with its indexes")
                .baseUnit("bytes")
                .register(registry);
    }

    // PostgreSQL looks at each of its files: some milliseconds, so it is not read often.
    @NonBlocking
    @Scheduled(identity = "database-size", every = "5m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> read() {
        return bytes.keep(database.read("select pg_database_size(current_database())", Tuple.tuple())
                .map(rows -> rows.iterator().next().getLong(0)));
    }
}
