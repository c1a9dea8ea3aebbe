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

/**
 * Shows how many face images are past {@code liveness.face.retention}, and for how long. Both metrics are NaN while the database cannot be
 * read.
 */
@Startup // its metrics are there from the start
@Singleton
class DueFaces {

    /** The condition, which the index {@code face_by_verdict} serves. Format it with the parameter of the retention in milliseconds. */
    static final String DUE =
            "face_url_sealed is not null" + " and verdict_at <= liveness_now() - %s::float8 * interval '1 millisecond'";

    /** Face images that are counted at most, so that the cost of the statement is limited. */
    static final int COUNTED = 10_000;

    private static final String COUNT = """
            select count(*)::int,
                   coalesce(extract(epoch from liveness_now() - min(verdict_at)) - $1::float8 / 1000, 0)::float8
            from (select verdict_at from liveness_session where %s order by verdict_at limit %d) due
            """.formatted(DUE.formatted("$1"), COUNTED);

    private record Standing(int due, double lateSeconds) {

        static Standing of(Row row) {
            return new Standing(row.getInteger(0), row.getDouble(1));
        }
    }

    private final Database database;
    private final double retentionMillis;
    private final LastReading<Standing> standing = new LastReading<>();

    DueFaces(Database database, MeterRegistry registry, FaceRetentionConfig config) {
        this.database = database;
        this.retentionMillis = Sql.millis(config.retention());
        Gauge.builder("liveness.faces.due", () -> standing.figure(Standing::due))
                .description("Face images past their retention that are not redacted")
                .register(registry);
        Gauge.builder("liveness.faces.overdue", () -> standing.figure(Standing::lateSeconds))
                .description("Seconds since the end of the retention of the face image that is due longest")
                .baseUnit("seconds")
                .register(registry);
    }

    @NonBlocking
    @Scheduled(identity = "due-faces", every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> count() {
        return standing.keep(database.read(COUNT, Tuple.of(retentionMillis))
                .map(rows -> Standing.of(rows.iterator().next())));
    }
}
