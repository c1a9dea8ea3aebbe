package io.liveness.gateway.session;

import io.liveness.gateway.platform.Caller;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.liveness.gateway.vendor.ReturnUrl;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jboss.logging.Logger;

/**
 * Opens a session in three steps: store the intent under the caller's key, call init with no transaction open, record what
 * it did. Whatever crashes in between, a key leads to at most one init that could have cost money.
 */
@Singleton
class OpenSession {

    private static final Logger LOG = Logger.getLogger(OpenSession.class);

    // How long an open waits for the vendor's budget at most, see VendorBudget.
    private static final Duration BUDGET_WAIT = Purpose.INIT.ahead();
    // From the last moment of init's answer until it counts as lost.
    private static final Duration RECORDING = Duration.ofSeconds(5);

    /** The answer to a request: a session opened by it, or the one that its key led to before. */
    record Opened(SessionRow session, boolean replayed) {}

    private final StoreIntent intent;
    private final OpenSessionsLimit limit;
    private final TakeBackIntents takeBack;
    private final ConcludeOpening conclude;
    private final Sessions sessions;
    private final LivenessVendor vendor;
    private final VendorBudget budget;
    private final Admission admission;
    private final ReturnHop hop;
    private final SessionConfig config;
    private final SessionMetrics metrics;
    private final OpeningTimes times;
    private final Clock clock;

    OpenSession(
            StoreIntent intent,
            OpenSessionsLimit limit,
            TakeBackIntents takeBack,
            ConcludeOpening conclude,
            Sessions sessions,
            LivenessVendor vendor,
            VendorBudget budget,
            Admission admission,
            ReturnHop hop,
            SessionConfig config,
            SessionMetrics metrics,
            OpeningTimes times,
            Clock clock) {
        this.intent = intent;
        this.limit = limit;
        this.takeBack = takeBack;
        this.conclude = conclude;
        this.sessions = sessions;
        this.vendor = vendor;
        this.budget = budget;
        this.admission = admission;
        this.hop = hop;
        this.config = config;
        this.metrics = metrics;
        this.times = times;
        this.clock = clock;
    }

    Uni<Opened> open(Caller caller, String idempotencyKey, OpenSessionRequest given) {
        OpeningTimes.Watch watch = times.start();
        OpenSessionRequest request = given.withDefaults();
        Instant now = clock.instant();
        Opening opening = new Opening(
                Sql.newId(now), caller, idempotencyKey, request, RequestHash.of(request), 1, now, Sql.newId(now));
        return beforeInit(opening, intent.first(opening, orphanedAt(now)))
                .chain(stored -> stored ? call(opening, watch) : known(opening, watch));
    }

    /** When such a step fails, init is not sent, and the intent, which may be stored all the same, is taken back. */
    private Uni<Boolean> beforeInit(Opening opening, Uni<Boolean> step) {
        return step.onFailure().invoke(() -> takeBack.later(opening));
    }

    private Instant orphanedAt(Instant start) {
        return lastMoment(start).plus(RECORDING);
    }

    /** When init must have been answered. */
    private Instant lastMoment(Instant start) {
        return start.plus(config.openingTimeout()).plus(BUDGET_WAIT);
    }

    /**
     * Nothing was stored. The key was used before: by the same request or another one, which may be in flight, over, or
     * worth another try. Or it is new, and the caller is over its limit.
     */
    private Uni<Opened> known(Opening opening, OpeningTimes.Watch watch) {
        return sessions.byKey(opening.caller(), opening.idempotencyKey()).chain(stored -> {
            if (stored == null) {
                throw limit.refuse(opening.caller());
            }
            if (!Arrays.equals(stored.requestHash, opening.requestHash())) {
                throw OpeningProblems.keyReused();
            }
            if (stored.status == SessionStatus.OPENING) {
                throw OpeningProblems.inFlight();
            }
            if (stored.status == SessionStatus.REJECTED && Boolean.TRUE.equals(stored.refusalPassing)) {
                return tryAgain(opening, stored, watch);
            }
            return Uni.createFrom().item(new Opened(stored, true));
        });
    }

    private Uni<Opened> tryAgain(Opening opening, SessionRow stored, OpeningTimes.Watch watch) {
        Opening again = new Opening(
                stored.id,
                opening.caller(),
                opening.idempotencyKey(),
                opening.request(),
                opening.requestHash(),
                stored.attempt + 1,
                opening.startedAt(),
                Sql.newId(opening.startedAt()));
        return beforeInit(again, intent.again(again, orphanedAt(again.startedAt())))
                .chain(reopened -> reopened ? call(again, watch) : notReopened(again));
    }

    /** Another request was faster, or the caller is over its limit and nothing has changed. */
    private Uni<Opened> notReopened(Opening again) {
        return sessions.byKey(again.caller(), again.idempotencyKey()).map(now -> {
            if (now.status == SessionStatus.REJECTED && now.attempt < again.attempt()) {
                throw limit.refuse(again.caller());
            }
            throw OpeningProblems.inFlight();
        });
    }

    private Uni<Opened> call(Opening opening, OpeningTimes.Watch watch) {
        return attempt(opening, watch).onTermination().invoke(watch::stop);
    }

    private Uni<Opened> attempt(Opening opening, OpeningTimes.Watch watch) {
        if (!admission.looksKeepUp()) {
            return concluded(
                    opening,
                    opening.startedAt(),
                    OpenOutcome.Refused.unsent("Sessions that are open wait to be asked about"));
        }
        return beforeInit(opening, budget.takeOne(Purpose.INIT)).chain(granted -> {
            Instant initAt = clock.instant();
            return watch.vendor(initOrWhyNot(opening, granted, initAt))
                    .chain(outcome -> concluded(opening, initAt, outcome));
        });
    }

    private Uni<OpenOutcome> initOrWhyNot(Opening opening, boolean granted, Instant initAt) {
        if (!granted) {
            return Uni.createFrom().item(OpenOutcome.Refused.unsent("The budget of vendor calls is spent"));
        }
        // A process that was held up must not send an init that others may have given up by its answer.
        if (initAt.plus(vendor.callTimeout()).isAfter(lastMoment(opening.startedAt()))) {
            return Uni.createFrom().item(OpenOutcome.Refused.unsent("It took too long until init could be sent"));
        }
        ReturnUrl callers = new ReturnUrl(opening.request().returnUrl());
        return vendor.open(opening.request().order(hop.insteadOf(callers, opening.id())));
    }

    private Uni<Opened> concluded(Opening opening, Instant initAt, OpenOutcome outcome) {
        report(opening, outcome);
        return KeepTrying.withCallerWaiting(conclude.conclude(opening.id(), opening.attempt(), initAt, outcome))
                .chain(recorded -> answer(opening, outcome, recorded));
    }

    private void report(Opening opening, OpenOutcome outcome) {
        LOG.infof(
                "session.opened sessionId=%s outcome=%s attempt=%d", opening.id(), outcome.label(), opening.attempt());
        metrics.opened(outcome);
    }

    private Uni<Opened> answer(Opening opening, OpenOutcome outcome, boolean recorded) {
        if (outcome instanceof OpenOutcome.Accepted && recorded) {
            return sessions.byId(opening.id(), opening.caller()).map(session -> new Opened(session, false));
        }
        if (outcome instanceof OpenOutcome.Refused refused && recorded) {
            throw OpeningProblems.refused(opening.id(), refused);
        }
        throw OpeningProblems.outcomeUnknown(opening.id());
    }
}
