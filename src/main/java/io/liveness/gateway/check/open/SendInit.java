package io.liveness.gateway.check.open;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.SessionMetrics;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.open.OpenSession.OpeningTimes;
import io.liveness.gateway.check.open.RecordInitOutcome.Recorded;
import io.liveness.gateway.check.schedule.HeldOpenings;
import io.liveness.gateway.check.schedule.PollBacklog;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.ReturnUrl;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** The second and the last step of opening: init is sent in its place in the budget, and what it did is recorded. */
@Singleton
class SendInit {

    private static final Logger LOG = Logger.getLogger(SendInit.class);

    private static final Duration SOON = Duration.ofSeconds(1);
    /** The vendor itself asked for a pause. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private static final OpenOutcome.Refused SPENT =
            OpenOutcome.Refused.unsent("The gateway's budget of calls to the vendor is spent");
    private static final OpenOutcome.Refused LATE =
            OpenOutcome.Refused.unsent("It took too long until init could be sent");

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
    /** Callers and reasons with a line in the log within the last minute: refused opens may come by the thousand. */
    private final Cache<List<?>, Boolean> told =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build();

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

    /** The problem of a {@link #refusal}, of which nothing is stored. */
    ProblemException refuse(Caller caller, OpenOutcome.Refused refusal) {
        if (refusal == SPENT) {
            calls.openRefused();
            share.asked(caller, false);
        }
        return notSent(caller, refusal);
    }

    private ProblemException notSent(Caller caller, OpenOutcome.Refused refusal) {
        metrics.opened(refusal);
        if (told.asMap().putIfAbsent(List.of(caller, refusal), true) == null) {
            LOG.warnf("session.not-opened caller=%s: %s", caller.name(), refusal.reason());
        }
        return new ProblemException(
                        ProblemCode.OPENS_PAUSED,
                        refusal.reason()
                                + ". Nothing was opened and the key is unchanged: send the same request again after Retry-After"
                                + " seconds.")
                .retryAfter(SOON);
    }

    /** Sends the init of an intent that is stored. @return the session that it opened; fails with a problem when it did not */
    Uni<SessionRow> send(Opening opening, OpeningTimes.Watch watch) {
        return held.during(
                opening.id(),
                takeBack.whenFailed(opening, calls.takeOne(Purpose.INIT)).chain(granted -> {
                    share.asked(opening.caller(), granted);
                    Instant initAt = clock.instant();
                    // A process that was held up must not send an init that others may have given up by its answer.
                    boolean late = initAt.plus(vendor.callTimeout()).isAfter(opening.answeredBy());
                    if (!granted || late) {
                        return takeBack(opening, granted ? LATE : SPENT, initAt);
                    }
                    return watch.vendor(init(opening)).chain(outcome -> record(opening, outcome, initAt));
                }));
    }

    private Uni<SessionRow> takeBack(Opening opening, OpenOutcome.Refused unsent, Instant now) {
        return takeBack.now(opening).chain(taken -> {
            if (taken) {
                throw notSent(opening.caller(), unsent);
            }
            return record(opening, unsent, now);
        });
    }

    /** It goes on, and the opening is held, when the caller waits no longer. */
    private Uni<SessionRow> record(Opening opening, OpenOutcome outcome, Instant initAt) {
        report(opening, outcome);
        return KeepTrying.withCallerWaiting(held.during(opening.id(), recordOutcome.record(opening, initAt, outcome)))
                .chain(recorded -> answer(opening, outcome, recorded));
    }

    private Uni<OpenOutcome> init(Opening opening) {
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
            throw refused(opening.id(), refused);
        }
        throw new ProblemException(
                        ProblemCode.VENDOR_OUTCOME_UNKNOWN,
                        "A fee may have been taken and no check can be made with this key; open another session with a new"
                                + " key.")
                .sessionId(opening.id());
    }

    private static ProblemException refused(UUID session, OpenOutcome.Refused refused) {
        String reason = "The vendor did not open the check: " + refused.reason() + ". No fee was taken; ";
        ProblemException problem = (refused.retryable()
                        ? new ProblemException(
                                        ProblemCode.VENDOR_UNAVAILABLE,
                                        reason + "send the same request with the same key again.")
                                .retryAfter(refused.code().isPresent() ? LATER : SOON)
                        : new ProblemException(ProblemCode.VENDOR_REJECTED, reason + "tell operations the sessionId."))
                .sessionId(session);
        return refused.code().map(problem::vendorCode).orElse(problem);
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
