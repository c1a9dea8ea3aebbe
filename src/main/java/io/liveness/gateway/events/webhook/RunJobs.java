package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.LeaseTime;
import io.liveness.gateway.events.Outbox;
import io.liveness.gateway.events.WebhookConfig;
import io.liveness.gateway.platform.Steps;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Does a step of each kind of job in turn until none is left. A step is one statement that holds the job's row, so that it survives
 * a crash and no two replicas do the same.
 */
@Singleton
public class RunJobs {

    private static final Logger LOG = Logger.getLogger(RunJobs.class);
    private static final int STEP = 500;

    private final Database database;
    private final Outbox outbox;
    private final double retentionMillis;
    private final double leaseMillis;

    RunJobs(Database database, Outbox outbox, WebhookConfig config, LeaseTime lease) {
        this.database = database;
        this.outbox = outbox;
        this.retentionMillis = config.deliveryRetention().toMillis();
        this.leaseMillis = lease.millis();
    }

    @NonBlocking
    @Scheduled(identity = "webhook-jobs", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> run() {
        return reported(
                "webhook-jobs",
                Steps.untilDone(() -> step(JobSql.RESUME, Tuple.of(STEP, leaseMillis), false)
                        .chain(more -> step(JobSql.DELETE, Tuple.of(STEP), more))
                        .chain(more -> step(JobSql.REPLAY, Tuple.of(STEP), more))));
    }

    /** Deletes what was kept for its time. */
    @NonBlocking
    @Scheduled(identity = "webhook-retention", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> forget() {
        return reported(
                "webhook-retention",
                forget(JobSql.FORGET_DELIVERIES)
                        .chain(() -> forget(JobSql.FORGET_PENDING))
                        .chain(() -> forget(JobSql.FORGET_JOBS))
                        .chain(() -> forget(JobSql.FORGET_ENDPOINT_EVENTS)));
    }

    private static Uni<Void> reported(String work, Uni<Void> run) {
        return run.onFailure()
                .invoke(failure -> FailedWork.log(LOG, work + ".failed", failure))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> forget(String sql) {
        return Steps.untilDone(() ->
                database.execute(sql, Tuple.of(STEP, retentionMillis)).map(deleted -> deleted.rowCount() >= STEP));
    }

    /** @return whether there may be more, of this kind or of those before */
    private Uni<Boolean> step(String sql, Tuple arguments, boolean more) {
        return database.execute(sql, arguments).map(steps -> {
            if (steps.size() > 0) {
                outbox.filled();
            }
            return more || steps.size() > 0;
        });
    }
}
