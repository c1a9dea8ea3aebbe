package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.LastReading;
import io.liveness.gateway.platform.postgres.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;

/**
 * Shows erasures that have not finished: {@code liveness.erasures.running} and {@code liveness.erasures.oldest}. Both are NaN while
 * the database cannot be read.
 */
@Startup // its metrics are there from the start
@Singleton
class ErasureBacklog {

    /** @param oldest seconds since the oldest of them was requested or repeated; 0 when none runs */
    private record Running(int count, double oldest) {

        static Running of(Row row) {
            return new Running(row.getInteger(0), row.getDouble(1));
        }
    }

    private final Database database;
    private final LastReading<Running> running = new LastReading<>();

    ErasureBacklog(Database database, MeterRegistry registry) {
        this.database = database;
        Gauge.builder("liveness.erasures.running", () -> running.figure(Running::count))
                .description("Erasures with sessions that are not erased yet")
                .register(registry);
        Gauge.builder("liveness.erasures.oldest", () -> running.figure(Running::oldest))
                .description("Seconds since the oldest of them was requested")
                .baseUnit("seconds")
                .register(registry);
    }

    @NonBlocking
    @Scheduled(identity = "erasure-backlog", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> count() {
        return running.keep(database.read(ErasureSql.RUNNING, Tuple.tuple())
                .map(rows -> Running.of(rows.iterator().next())));
    }
}
