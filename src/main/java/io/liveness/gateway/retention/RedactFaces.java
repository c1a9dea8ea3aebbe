package io.liveness.gateway.retention;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.session.face.RedactedBy;
import io.liveness.gateway.session.face.Redactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Redacts face images {@code liveness.face.retention} after their verdict, on every replica, in batches of one statement each. */
@Singleton
class RedactFaces {

    static final int BATCH = 500;

    /** Of each run, so that a long backlog leaves the database room for requests. */
    private static final int BATCHES = 50;

    private static final Logger LOG = Logger.getLogger(RedactFaces.class);

    // The limit is no parameter: PostgreSQL would plan for a tenth of all.
    private static final String REDACT = """
            with late as materialized (
                select id from liveness_session
                where %s
                order by verdict_at
                limit %d
                for no key update skip locked
            ), due as (
                select id, ($4::uuid[])[row_number() over ()] as event_id from late
            ),
            """.formatted(DueFaces.DUE.formatted("$3"), BATCH)
            + Redactions.redactedFrom("due")
            + "select count(*)::int from redacted";

    private final Database database;
    private final Redactions redactions;
    private final Clock clock;
    private final double retentionMillis;

    RedactFaces(Database database, Redactions redactions, Clock clock, FaceRetentionConfig config) {
        this.database = database;
        this.redactions = redactions;
        this.clock = clock;
        this.retentionMillis = Sql.millis(config.retention());
    }

    @NonBlocking
    @Scheduled(identity = "face-retention", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> redact() {
        return Uni.createFrom()
                .deferred(this::batch)
                .repeat()
                .whilst(redacted -> redacted == BATCH)
                .select()
                .first(BATCHES)
                .collect()
                .last()
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> FailedWork.log(LOG, "face-retention.failed", failure))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Integer> batch() {
        Instant now = clock.instant();
        UUID[] events = Stream.generate(() -> Sql.newId(now)).limit(BATCH).toArray(UUID[]::new);
        return database.execute(
                        REDACT,
                        Tuple.of(
                                Sql.time(now), Sql.detail("by", RedactedBy.RETENTION.label()), retentionMillis, events))
                .map(rows -> rows.iterator().next().getInteger(0))
                .invoke(redacted -> redactions.count(RedactedBy.RETENTION, redacted));
    }
}
