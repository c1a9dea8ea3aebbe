package io.liveness.gateway.retention;

import io.liveness.gateway.platform.LastReading;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.session.Sql;
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
import java.time.Duration;

/**
 * Shows sessions that should be thinned and are not: {@code liveness.sessions.thinning.due} and {@code liveness.thinning.overdue}. Both
 * are NaN while the database cannot be read.
 */
@Startup // its metrics are there from the start
@Singleton
class ThinningBacklog {

    /** @param overdue seconds since the retention of the earliest of them was over; 0 when none is due */
    private record Backlog(int due, double overdue) {

        static Backlog of(Row row) {
            return new Backlog(row.getInteger("due"), row.getDouble("overdue"));
        }
    }

    private final Database database;
    private final Duration retention;
    private final LastReading<Backlog> backlog = new LastReading<>();

    ThinningBacklog(Database database, ThinningConfig config, MeterRegistry registry) {
        this.database = database;
        this.retention = config.retention();
        Gauge.builder("liveness.sessions.thinning.due", () -> backlog.figure(Backlog::due))
                .description("Sessions whose retention is over and that are not thinned")
                .register(registry);
        Gauge.builder("liveness.thinning.overdue", () -> backlog.figure(Backlog::overdue))
                .description("Seconds since the earliest session should have been thinned")
                .baseUnit("seconds")
                .register(registry);
    }

    @NonBlocking
    @Scheduled(identity = "thinning-backlog", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> count() {
        return backlog.keep(database.read(ThinningSql.DUE, Tuple.of(Sql.millis(retention)))
                .map(rows -> Backlog.of(rows.iterator().next())));
    }
}
