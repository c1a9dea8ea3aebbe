package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.open.TakeBackIntents;
import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.vendor.LivenessVendor;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Ends the work of this replica with its process: begins no polls, and records what is under way. */
@Singleton
class Shutdown {

    private static final Logger LOG = Logger.getLogger(Shutdown.class);

    /** Beyond the longest call, which a stop waits for. */
    private static final Duration RECORDING = Duration.ofSeconds(10);

    private final PollSessions polls;
    private final TakeBackIntents takeBack;
    private final Duration toStop;

    Shutdown(PollSessions polls, TakeBackIntents takeBack, LivenessVendor vendor) {
        this.polls = polls;
        this.takeBack = takeBack;
        this.toStop = vendor.callTimeout().plus(RECORDING);
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
