package io.liveness.gateway.privacy;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.privacy.face.Redactions;
import io.liveness.gateway.privacy.face.Redactions.RedactedBy;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Redacts face images {@code liveness.face.retention} after their verdict, on every replica, in batches of one statement each. Shows how
 * many are past it, and for how long.
 */
@Startup // its metrics are there from the start
@Singleton
class RedactFaces {

    static final int BATCH = 500;

    /** Batches of one run at most, so that a long backlog leaves the database room for requests. */
    private static final int BATCHES = 50;

    private static final Logger LOG = Logger.getLogger(RedactFaces.class);

    /** By the index {@code face_to_redact}. */
    private static final String REDACT = """
            with due as (
                select s.id
                from session_end e join liveness_session s on s.id = e.session_id
                where e.face_since <= liveness_now() - ? * interval '1 millisecond' and s.face_url_sealed is not null
                order by e.face_since
                limit ?
                for no key update of s skip locked
            ), redacted as (
                update liveness_session s
                set face_url_sealed = null, face_redacted_at = liveness_now(), updated_at = liveness_now()
                from due
                where s.id = due.id
                returning s.id, s.caller, s.status, s.face_redacted_at
            ), face_gone as (
                update session_end e set face_since = null
                from redacted r
                where e.caller = r.caller and e.status = r.status and e.session_id = r.id
            )
            insert into session_event (session_id, type, at, detail)
            select id, 'FACE_REDACTED', face_redacted_at, '{"by": "retention"}' from redacted
            """;

    /** Counts 10,000 at most. */
    private static final String DUE = """
            select count(*) as due, coalesce(extract(epoch from liveness_now() - min(face_since)) - $1::float8 / 1000, 0) as seconds
            from (select face_since from session_end
                  where face_since <= liveness_now() - $1::float8 * interval '1 millisecond'
                  order by face_since limit 10000) due
            """;

    private final Batch batch;
    private final Redactions redactions;
    private final double retentionMillis;

    RedactFaces(Batch batch, Redactions redactions, RetentionRule.Faces config, DatabaseFigures figures) {
        this.batch = batch;
        this.redactions = redactions;
        this.retentionMillis = config.retention().toMillis();
        figures.show(
                DUE,
                List.of(retentionMillis),
                new Figure("due", "liveness.faces.due", "Face images past their retention that are not redacted"),
                new Figure("seconds", "liveness.faces.overdue", "Seconds since the earliest of them should have been"));
    }

    @Scheduled(identity = "face-retention", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    void redact() {
        FailedWork.orLog(LOG, "face-retention.failed", () -> {
            for (int batches = 0; batches < BATCHES && redactSome() == BATCH; batches++) {}
        });
    }

    private int redactSome() {
        int redacted = batch.transact(connection -> Sql.execute(connection, REDACT, retentionMillis, BATCH));
        redactions.count(RedactedBy.RETENTION, redacted);
        return redacted;
    }
}
