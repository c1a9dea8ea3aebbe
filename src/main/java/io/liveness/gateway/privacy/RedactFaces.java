package io.liveness.gateway.privacy;

import io.liveness.gateway.check.retention.FaceAddresses;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.FailedWork;
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

    private final Batch batch;
    private final FaceAddresses addresses;
    private final Redactions redactions;
    private final double retentionMillis;

    RedactFaces(
            Batch batch,
            FaceAddresses addresses,
            Redactions redactions,
            RetentionRule.Faces config,
            DatabaseFigures figures) {
        this.batch = batch;
        this.addresses = addresses;
        this.redactions = redactions;
        this.retentionMillis = config.retention().toMillis();
        figures.show(
                FaceAddresses.DUE,
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
        int redacted = batch.transact(connection -> addresses.redactDue(connection, retentionMillis, BATCH));
        redactions.count(RedactedBy.RETENTION, redacted);
        return redacted;
    }
}
