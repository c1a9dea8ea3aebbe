package io.liveness.gateway.notification.job;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.notification.Outbox;
import io.liveness.gateway.notification.WebhookConfig;
import io.liveness.gateway.platform.postgres.Database;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Does a step of each kind of job after the other until none is left. A step is one statement that holds the job's row, so that it survives
 * a crash and no two replicas do the same.
 */
@Singleton
public class RunJobs {

    private static final Logger LOG = Logger.getLogger(RunJobs.class);
    private static final int STEP = 500;

    private final Database database;
    private final Outbox outbox;
    private final Clock clock;
    private final Duration retention;

    RunJobs(Database database, Outbox outbox, WebhookConfig config, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.outbox = outbox;
        this.retention = config.deliveryRetention();
    }

    @NonBlocking
    @Scheduled(identity = "webhook-jobs", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> run() {
        return steps(JobSql.REPLAY)
                .chain(() -> steps(JobSql.RESUME))
                .chain(() -> steps(JobSql.DELETE))
                .onFailure()
                .invoke(failure -> LOG.errorf("webhook-jobs.failed %s", failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    @NonBlocking
    @Scheduled(identity = "webhook-retention", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> forget() {
        UUID kept = UuidCreator.getTimeOrderedEpochMin(clock.instant().minus(retention));
        return forget(JobSql.FORGET_DELIVERIES, (double) retention.toMillis())
                .chain(() -> forget(JobSql.FORGET_PENDING, kept))
                .onFailure()
                .invoke(failure -> LOG.errorf("webhook-retention.failed %s", failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> forget(String sql, Object before) {
        return untilDone(
                () -> database.execute(sql, Tuple.of(STEP, before)).map(deleted -> deleted.rowCount() >= STEP));
    }

    private Uni<Void> steps(String sql) {
        return untilDone(() ->
                database.execute(sql, Tuple.of(STEP)).invoke(this::deliver).map(RunJobs::isMore));
    }

    private void deliver(RowSet<Row> steps) {
        if (steps.size() > 0) {
            outbox.filled();
        }
    }

    /** A job was found: it, or another one, may have more to do. */
    private static boolean isMore(RowSet<Row> steps) {
        return steps.size() > 0;
    }

    private static Uni<Void> untilDone(Supplier<Uni<? extends Boolean>> step) {
        return Uni.createFrom()
                .deferred(step)
                .repeat()
                .whilst(more -> more)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
