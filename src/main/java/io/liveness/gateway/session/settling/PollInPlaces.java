package io.liveness.gateway.session.settling;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.session.leasing.LeasedSession;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget.Grant;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/** Polls leased sessions, each when its place in the budget comes. */
final class PollInPlaces {

    private static final Logger LOG = Logger.getLogger(PollInPlaces.class);

    private final LivenessVendor vendor;
    private final BiConsumer<Purpose, PolledSession> answered;
    private final Runnable notPolled;

    /** @param notPolled called for each session that was not polled because of an error in the gateway */
    PollInPlaces(LivenessVendor vendor, BiConsumer<Purpose, PolledSession> answered, Runnable notPolled) {
        this.vendor = vendor;
        this.answered = answered;
        this.notPolled = notPolled;
    }

    /** @param grant as many places as there are sessions, or more */
    void poll(Purpose purpose, List<LeasedSession> due, Grant grant) {
        Executor context = CallerContext.capture();
        for (int number = 0; number < due.size(); number++) {
            LeasedSession session = due.get(number);
            inItsPlace(purpose, session, grant.waitFor(number), context)
                    .subscribe()
                    .with(answer -> answered.accept(purpose, answer), failure -> {
                        LOG.errorf(failure, "reconcile.not-asked sessionId=%s", session.id());
                        notPolled.run();
                    });
        }
    }

    private Uni<PolledSession> inItsPlace(Purpose purpose, LeasedSession session, Duration wait, Executor context) {
        Uni<PolledSession> asked =
                PolledSession.poll(purpose == Purpose.FINAL_POLL ? vendor::finalPoll : vendor::poll, session);
        return wait.isZero() ? asked : Pause.atLeast(wait).emitOn(context).chain(() -> asked);
    }
}
