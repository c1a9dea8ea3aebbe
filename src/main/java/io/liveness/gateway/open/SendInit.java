package io.liveness.gateway.open;

import io.liveness.gateway.open.RecordInitOutcome.Recorded;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.schedule.HeldOpenings;
import io.liveness.gateway.schedule.PollBacklog;
import io.liveness.gateway.session.ReadSession;
import io.liveness.gateway.session.SessionMetrics;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.liveness.gateway.vendor.ReturnUrl;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The second and the last step of opening: init is sent in its place in the budget, and what it did is recorded. */
@Singleton
class SendInit {

    private static final Logger LOG = Logger.getLogger(SendInit.class);

    private static final OpenOutcome.Refused SPENT = OpenOutcome.Refused.unsent("The budget of vendor calls is spent");

    private final TakeBackIntents takeBack;
    private final RecordInitOutcome recordOutcome;
    private final HeldOpenings held;
    private final ReadSession read;
    private final LivenessVendor vendor;
    private final VendorBudget calls;
    private final OpenShare share;
    private final PollBacklog backlog;
    private final ReturnHop returnHop;
    private final SessionMetrics metrics;
    private final Clock clock;

    SendInit(
            TakeBackIntents takeBack,
            RecordInitOutcome recordOutcome,
            HeldOpenings held,
            ReadSession read,
            LivenessVendor vendor,
            VendorBudget calls,
            OpenShare share,
            PollBacklog backlog,
            ReturnHop returnHop,
            SessionMetrics metrics,
            Clock clock) {
        this.takeBack = takeBack;
        this.recordOutcome = recordOutcome;
        this.held = held;
        this.read = read;
        this.vendor = vendor;
        this.calls = calls;
        this.share = share;
        this.backlog = backlog;
        this.returnHop = returnHop;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Why no init may be sent now, as far as this is known before the intent is stored. */
    Optional<OpenOutcome.Refused> refusal() {
        if (!backlog.pollsKeepUp()) {
            return Optional.of(OpenOutcome.Refused.unsent("Sessions that are open wait to be polled"));
        }
        return calls.isSpentForOpens() ? Optional.of(SPENT) : Optional.empty();
    }

    /** Fails with the problem of a refusal that was stored with its intent. */
    Uni<SessionRow> refuse(Opening opening, OpenOutcome.Refused refusal) {
        report(opening, refusal);
        if (refusal == SPENT) {
            calls.openRefused();
            share.asked(opening.caller(), false);
        }
        return Uni.createFrom().failure(OpeningProblems.refused(opening.id(), refusal));
    }

    /** Sends the init of an intent that is stored. @return the session that it opened; fails with a problem when it did not */
    Uni<SessionRow> send(Opening opening, OpeningTimes.Watch watch) {
        return held.during(
                opening.id(),
                takeBack.whenFailed(opening, calls.takeOne(Purpose.INIT)).chain(granted -> {
                    Instant initAt = clock.instant();
                    return watch.vendor(initOrWhyNot(opening, granted, initAt))
                            .invoke(outcome -> report(opening, outcome))
                            .chain(outcome -> record(opening, initAt, outcome)
                                    .chain(recorded -> answer(opening, outcome, recorded)));
                }));
    }

    /** It goes on, and the opening is held, when the caller waits no longer. */
    private Uni<Recorded> record(Opening opening, Instant initAt, OpenOutcome outcome) {
        return KeepTrying.withCallerWaiting(held.during(opening.id(), recordOutcome.record(opening, initAt, outcome)));
    }

    private Uni<OpenOutcome> initOrWhyNot(Opening opening, boolean granted, Instant initAt) {
        share.asked(opening.caller(), granted);
        if (!granted) {
            return Uni.createFrom().item(SPENT);
        }
        // A process that was held up must not send an init that others may have given up by its answer.
        if (initAt.plus(vendor.callTimeout()).isAfter(opening.answeredBy())) {
            return Uni.createFrom().item(OpenOutcome.Refused.unsent("It took too long until init could be sent"));
        }
        ReturnUrl callers = new ReturnUrl(opening.request().returnUrl());
        return vendor.open(opening.request().order(returnHop.vendorReturnUrl(callers, opening.id())));
    }

    private Uni<SessionRow> answer(Opening opening, OpenOutcome outcome, Recorded recorded) {
        if (outcome instanceof OpenOutcome.Accepted && recorded.done()) {
            return recorded.session()
                    .map(session -> Uni.createFrom().item(session))
                    .orElseGet(() -> read.byId(opening.id(), opening.caller()));
        }
        if (outcome instanceof OpenOutcome.Refused refused && recorded.done()) {
            throw OpeningProblems.refused(opening.id(), refused);
        }
        throw OpeningProblems.outcomeUnknown(opening.id());
    }

    private void report(Opening opening, OpenOutcome outcome) {
        String opened = "session.opened sessionId=%s caller=%s outcome=%s attempt=%d"
                .formatted(opening.id(), opening.caller().name(), outcome.label(), opening.attempt());
        if (outcome instanceof OpenOutcome.Refused refused) {
            warn(opened, refused.code(), refused.taskNo(), refused.reason());
        } else if (outcome instanceof OpenOutcome.Unknown unknown) {
            warn(opened, unknown.code(), unknown.taskNo(), unknown.reason());
        } else {
            LOG.infof("%s taskNo=%s", opened, outcome.taskNo().orElse("none"));
        }
        metrics.opened(outcome);
    }

    private static void warn(String opened, Optional<Integer> code, Optional<String> taskNo, String reason) {
        LOG.warnf(
                "%s code=%s taskNo=%s: %s",
                opened, code.map(String::valueOf).orElse("none"), taskNo.orElse("none"), reason);
    }
}
