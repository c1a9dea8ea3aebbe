package io.liveness.gateway.reconciliation;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Runs what is due on every replica, again and again. While a run is not finished, the next one is left out. */
class Scheduler {

    private static final Logger LOG = Logger.getLogger(Scheduler.class);

    private final ReconcileSessions reconcile;
    private final WriteOffSessions writeOff;
    private final Duration toStop;

    Scheduler(ReconcileSessions reconcile, WriteOffSessions writeOff, ReconcileConfig config) {
        this.reconcile = reconcile;
        this.writeOff = writeOff;
        this.toStop = config.stopTimeout();
    }

    // Does not wait for the answers: a vendor that hangs must not keep other sessions from their last look. How many
    // are asked about at a time is limited by ReconcileSessions.
    @NonBlocking
    @Scheduled(
            identity = "reconcile",
            every = "${liveness.reconcile.every:1s}",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return reported("reconcile", reconcile.look());
    }

    @NonBlocking
    @Scheduled(
            identity = "write-off",
            every = "${liveness.reconcile.every:1s}",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> writeOff() {
        return reported("write-off", writeOff.writeOff());
    }

    private static Uni<Void> reported(String work, Uni<Void> run) {
        return run.onFailure()
                .invoke(failure -> LOG.errorf(failure, "%s.failed", work))
                .onFailure()
                .recoverWithNull();
    }

    /** Told to stop, this replica leaves what is due to the others, while it still answers requests. */
    void beginNothing(@Observes ShutdownDelayInitiatedEvent stopping) {
        reconcile.beginNothing();
    }

    /** Answers under way are recorded before the process ends: they may be verdicts. */
    void stop(@Observes ShutdownEvent stop) throws InterruptedException {
        reconcile.beginNothing();
        CountDownLatch recorded = new CountDownLatch(1);
        reconcile.idle().subscribe().with(idle -> recorded.countDown(), failure -> recorded.countDown());
        if (!recorded.await(toStop.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("reconcile.stopped-early: answers under way are asked for again by other replicas");
        }
    }
}
