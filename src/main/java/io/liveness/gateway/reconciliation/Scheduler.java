package io.liveness.gateway.reconciliation;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import org.jboss.logging.Logger;

/** Runs what is due on every replica, again and again. */
class Scheduler {

    private static final Logger LOG = Logger.getLogger(Scheduler.class);

    private final ReconcileSessions reconcile;

    Scheduler(ReconcileSessions reconcile) {
        this.reconcile = reconcile;
    }

    // Does not wait for the answers: a vendor that hangs must not keep other sessions from their last look. How
    // many are asked about at a time is limited by ReconcileSessions.
    @NonBlocking
    @Scheduled(identity = "reconcile", every = "${liveness.reconcile.every:1s}")
    void tick() {
        reconcile.tick().subscribe().with(done -> {}, failure -> LOG.error("reconcile.failed", failure));
    }
}
