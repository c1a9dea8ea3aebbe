package io.liveness.gateway.check.open;

import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.SessionMetrics;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.open.RecordInitOutcome.Recorded;
import io.liveness.gateway.check.open.StoreIntent.Stored;
import io.liveness.gateway.check.schedule.HeldOpenings;
import io.liveness.gateway.check.schedule.PollBacklog;
import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.LivenessVendor.InitParameters;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.ReturnUrl;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The second and the last step of opening: init is sent in its place in the budget, and what it did is recorded. */
@Singleton
class SendInit {

    private static final Logger LOG = Logger.getLogger(SendInit.class);

    /** The vendor itself asked for a pause. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private static final String CALLS_SPENT = "The gateway's budget of calls to the vendor is spent";
    private static final String POLLS_BEHIND = "Sessions that are open wait to be polled";
    private static final String LATE = "It took too long until init could be sent";

    private final TakeBackIntents takeBack;
    private final RecordInitOutcome recordOutcome;
    private final HeldOpenings held;
    private final ReadSession read;
    private final LivenessVendor vendor;
    private final VendorBudget calls;
    private final OpenShare share;
    private final PollBacklog backlog;
    private final ReturnHop returnHop;
    private final OpeningTimes times;
    private final SessionMetrics metrics;
    private final Refusals refusals;
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
            OpeningTimes times,
            SessionMetrics metrics,
            Refusals refusals,
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
        this.times = times;
        this.metrics = metrics;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** Why no init may be sent now, as far as this is known before the intent is stored. */
    Optional<Stored> refusal() {
        if (!backlog.pollsKeepUp()) {
            return Optional.of(Stored.POLLS_BEHIND);
        }
        return calls.isSpentForOpens() ? Optional.of(Stored.CALLS_SPENT) : Optional.empty();
    }

    /** The problem of a {@link #refusal}. */
    ProblemException refuse(Caller caller, Stored why) {
        if (why == Stored.POLLS_BEHIND) {
            return notSent(caller, POLLS_BEHIND);
        }
        calls.openRefused();
        share.refused(caller);
        return notSent(caller, CALLS_SPENT);
    }

    private ProblemException notSent(Caller caller, String reason) {
        metrics.opened(OpenOutcome.Refused.unsent(reason));
        if (refusals.isNews(caller, reason)) {
            LOG.warnf("session.not-opened caller=%s: %s", caller.name(), reason);
        }
        return new ProblemException(
                        ProblemCode.OPENS_PAUSED,
                        reason
                                + ". Nothing was opened and the key is unchanged: send the same request again after Retry-After"
                                + " seconds.")
                .retryAfter(OpenSession.SOON);
    }

    /** Sends the init of an intent that is stored. @return the session that it opened; fails with a problem when it did not */
    Uni<SessionRow> send(Opening opening) {
        OpeningTimes.Watch watch = times.start(opening.startedAt());
        return held.during(
                        opening.id(),
                        takeBack.whenFailed(opening, orderInItsPlace(opening))
                                .chain(order -> order.map(placed -> send(opening, placed, watch))
                                        .orElseGet(() -> withoutPlace(opening))))
                .onTermination()
                .invoke(watch::stop);
    }

    /** The order is made before: what fails without init is taken back. @return empty when there is no place in the budget */
    private Uni<Optional<InitParameters>> orderInItsPlace(Opening opening) {
        return Uni.createFrom().deferred(() -> {
            ReturnUrl callers = new ReturnUrl(opening.request().returnUrl());
            InitParameters order = opening.request().order(returnHop.vendorReturnUrl(callers, opening.id()));
            return calls.takeOne(Purpose.INIT).map(granted -> granted ? Optional.of(order) : Optional.empty());
        });
    }

    private Uni<SessionRow> withoutPlace(Opening opening) {
        share.refused(opening.caller());
        return takeBack(opening, CALLS_SPENT);
    }

    private Uni<SessionRow> send(Opening opening, InitParameters order, OpeningTimes.Watch watch) {
        Instant initAt = clock.instant();
        // A process that was held up must not send an init that others may have given up by its answer.
        if (initAt.plus(vendor.callTimeout()).isAfter(opening.answeredBy())) {
            return takeBack(opening, LATE).onTermination().call(() -> calls.giveBack(Purpose.INIT, 1));
        }
        share.sent(opening.caller());
        return watch.vendor(vendor.open(order)).chain(outcome -> record(opening, outcome, initAt));
    }

    private Uni<SessionRow> takeBack(Opening opening, String reason) {
        return takeBack.now(opening).chain(taken -> {
            if (taken) {
                throw notSent(opening.caller(), reason);
            }
            return record(opening, OpenOutcome.Refused.unsent(reason), clock.instant());
        });
    }

    /** The recording goes on, and the opening is held, when the caller waits no longer. */
    private Uni<SessionRow> record(Opening opening, OpenOutcome outcome, Instant initAt) {
        report(opening, outcome);
        return KeepTrying.withCallerWaiting(held.during(opening.id(), recordOutcome.record(opening, initAt, outcome)))
                .chain(recorded -> answer(opening, outcome, recorded));
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
        // One that was written off before stays UNKNOWN.
        String fee = outcome instanceof OpenOutcome.Refused ? "No fee was taken" : "A fee may have been taken";
        throw new ProblemException(
                        ProblemCode.VENDOR_OUTCOME_UNKNOWN,
                        fee + " and no check can be made with this key; open another session with a new key.")
                .sessionId(opening.id());
    }

    private static ProblemException refused(UUID session, OpenOutcome.Refused refused) {
        String reason = "The vendor did not open the check: " + refused.reason() + ". No fee was taken; ";
        ProblemException problem = (refused.retryable()
                        ? new ProblemException(
                                        ProblemCode.VENDOR_UNAVAILABLE,
                                        reason + "send the same request with the same key again.")
                                .retryAfter(refused.code().isPresent() ? LATER : OpenSession.SOON)
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

    /** Times opens for which init was sent or refused: the whole of it, and without the vendor's part ({@code liveness.opening}). */
    @Startup // its metrics are there from the start
    @Singleton
    static class OpeningTimes {

        private final Timer whole;
        private final Timer gateway;

        private final Clock clock;

        OpeningTimes(MeterRegistry registry, Clock clock) {
            this.clock = clock;
            this.whole = timer("whole").register(registry);
            this.gateway = timer("gateway").register(registry);
        }

        private static Timer.Builder timer(String part) {
            return TimeBuckets.timer("liveness.opening", "Duration of opens: in total, and without the vendor's part")
                    .tag("part", part);
        }

        /** @param since when the request came, which is later than now where the time was set back meanwhile */
        Watch start(Instant since) {
            long passed = Duration.between(since, clock.instant()).toNanos();
            return new Watch(System.nanoTime() - Math.max(0, passed));
        }

        /** The time of one open. */
        final class Watch {

            private final long begun;
            private volatile long vendorNanos;

            private Watch(long begun) {
                this.begun = begun;
            }

            /** Returns the call with its time counted as the vendor's. */
            <T> Uni<T> vendor(Uni<T> call) {
                return Uni.createFrom().deferred(() -> {
                    long sent = System.nanoTime();
                    return call.onTermination().invoke(() -> vendorNanos = System.nanoTime() - sent);
                });
            }

            void stop() {
                long nanos = System.nanoTime() - begun;
                whole.record(nanos, TimeUnit.NANOSECONDS);
                gateway.record(nanos - vendorNanos, TimeUnit.NANOSECONDS);
            }
        }
    }
}
