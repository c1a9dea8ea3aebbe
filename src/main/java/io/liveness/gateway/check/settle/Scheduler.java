package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.open.TakeBackIntents;
import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.vendor.LivenessVendor;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Runs what is due on every replica, again and again. While a run is not finished, the next one is left out. */
@Singleton
class Scheduler {

    private static final Logger LOG = Logger.getLogger(Scheduler.class);

    /** Beyond the longest call, which a stop waits for. */
    private static final Duration RECORDING = Duration.ofSeconds(10);

    private final PollSessions polls;
    private final WriteOffSessions writeOff;
    private final TakeBackIntents takeBack;
    private final Duration toStop;

    Scheduler(PollSessions polls, WriteOffSessions writeOff, TakeBackIntents takeBack, LivenessVendor vendor) {
        this.polls = polls;
        this.writeOff = writeOff;
        this.takeBack = takeBack;
        this.toStop = vendor.callTimeout().plus(RECORDING);
    }

    // Does not wait for answers: a vendor that hangs must not delay the final polls of other sessions. PollSessions
    // limits how many run at once.
    @NonBlocking
    @Scheduled(identity = "poll", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> poll() {
        return FailedWork.orLog(LOG, "poll.failed", polls.poll());
    }

    @NonBlocking
    @Scheduled(identity = "write-off", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> writeOff() {
        return FailedWork.orLog(LOG, "write-off.failed", writeOff.writeOff());
    }

    /** On shutdown this replica starts no polls and still answers requests. */
    void beginNothing(@Observes ShutdownDelayInitiatedEvent stopping) {
        polls.beginNothing();
    }

    /** Finishes work before the process ends: answers of polls, work of requests that were cancelled, and intents to take back. */
    void stop(@Observes ShutdownEvent stop) throws InterruptedException {
        polls.beginNothing();
        CountDownLatch recorded = new CountDownLatch(1);
        polls.idle()
                .chain(Uncancellable::finished)
                .chain(takeBack::finish)
                .subscribe()
                .with(done -> recorded.countDown(), failure -> recorded.countDown());
        if (!recorded.await(toStop.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("poll.stopped-early: other replicas poll again those whose answers are under way");
        }
    }
}
