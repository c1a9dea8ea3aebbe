package io.liveness.gateway.check.open;

import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.open.StoreIntent.KnownKey;
import io.liveness.gateway.check.open.StoreIntent.Stored;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Opens a session in three steps: store the intent under the caller's key, call init with no transaction open, record the outcome. After a
 * crash at any step, a key has led to at most one init that could have cost money.
 */
@Singleton
public class OpenSession {

    /** The answer to a request: a session opened by it, or the one that its key led to before. */
    public record Opened(SessionRow session, boolean replayed) {}

    static final Duration SOON = Duration.ofSeconds(1);

    private final OpenShare share;
    private final BudgetLimit callersBudget;
    private final StoreIntent intent;
    private final TakeBackIntents takeBack;
    private final SendInit init;
    private final Duration longest;
    private final Clock clock;

    OpenSession(
            OpenShare share,
            BudgetLimit callersBudget,
            StoreIntent intent,
            TakeBackIntents takeBack,
            SendInit init,
            SessionConfig config,
            Clock clock) {
        this.share = share;
        this.callersBudget = callersBudget;
        this.intent = intent;
        this.takeBack = takeBack;
        this.init = init;
        this.longest = config.openingTimeout().plus(Purpose.INIT.ahead());
        this.clock = clock;
    }

    public Uni<Opened> open(Caller caller, String idempotencyKey, OpenSessionRequest given) {
        OpenSessionRequest request = given.withDefaults();
        Instant now = clock.instant();
        Opening opening = new Opening(
                SqlValues.newId(now),
                caller,
                idempotencyKey,
                request,
                request.hash(),
                1,
                now,
                now.plus(longest),
                SqlValues.newId(now));
        return store(opening).chain(stored -> stored == Stored.STORED ? send(opening) : known(opening, stored));
    }

    private Uni<Stored> store(Opening opening) {
        if (share.isExceeded(opening.caller())) {
            return Uni.createFrom().item(Stored.OVER_SHARE);
        }
        return init.refusal()
                .map(refusal -> Uni.createFrom().item(refusal))
                .orElseGet(() -> takeBack.whenFailed(opening, intent.store(opening)));
    }

    /** The problem of an intent that is not stored. It is counted, so it is for a key that leads to nothing else. */
    private ProblemException refuse(Stored why, Caller caller) {
        return switch (why) {
            case OVER_SHARE -> share.refuse(caller);
            case OVER_LIMIT -> intent.refuse(caller);
            case OVER_BUDGET -> callersBudget.refuse(caller);
            case CALLS_SPENT, POLLS_BEHIND -> init.refuse(caller, why);
            // Where the key leads to nothing now, it is safe to repeat.
            case STORED, NOT_STORED -> inFlight();
        };
    }

    private Uni<Opened> send(Opening opening) {
        return init.send(opening).map(session -> new Opened(session, false));
    }

    /**
     * Answers a request that was not stored. A known key gives the stored session, 409 while it is in flight, 410 when it is thinned or
     * erased, 422 for another request, or a new attempt after a retryable refusal. A new key is refused: the caller is over a limit, or no
     * init may be sent now.
     */
    private Uni<Opened> known(Opening opening, Stored why) {
        return intent.byKey(opening.caller(), opening.idempotencyKey()).chain(stored -> {
            KnownKey known =
                    stored.orElseThrow(() -> refuse(why, opening.caller())).checkedFor(opening.requestHash());
            SessionStatus status = known.session().status();
            if (status == SessionStatus.OPENING) {
                throw inFlight();
            }
            if (status == SessionStatus.REJECTED && known.refusalPassing()) {
                return tryAgain(opening, known);
            }
            return Uni.createFrom().item(new Opened(known.session(), true));
        });
    }

    private Uni<Opened> tryAgain(Opening opening, KnownKey known) {
        Opening again = opening.again(known.session().id(), known.attempt() + 1, SqlValues.newId(opening.startedAt()));
        return store(again).chain(stored -> stored == Stored.STORED ? send(again) : notReopened(again, stored));
    }

    /** Another request was faster, or the caller is over a limit or no init may be sent now, and nothing has changed. */
    private Uni<Opened> notReopened(Opening again, Stored why) {
        return intent.byKey(again.caller(), again.idempotencyKey()).map(stored -> {
            KnownKey now = stored.orElseThrow(OpenSession::inFlight).checkedFor(again.requestHash());
            throw now.session().status() == SessionStatus.REJECTED && now.attempt() < again.attempt()
                    ? refuse(why, again.caller())
                    : inFlight();
        });
    }

    /** The refusal while another request with the key is under way. */
    static ProblemException inFlight() {
        return new ProblemException(
                        ProblemCode.IDEMPOTENCY_KEY_IN_FLIGHT, "Send the same request again after Retry-After seconds.")
                .retryAfter(SOON);
    }

    /** Stops the start when an init that is still under way would count as lost. */
    @Singleton
    static class OpeningTimeoutRule implements ConfigurationRule {

        OpeningTimeoutRule(SessionConfig config, LivenessVendor vendor) {
            if (config.openingTimeout().compareTo(vendor.callTimeout()) <= 0) {
                throw new IllegalArgumentException("liveness.opening-timeout (" + config.openingTimeout()
                        + ") must be longer than a call to the vendor, twice jumdata.connect-timeout and jumdata.timeout ("
                        + vendor.callTimeout() + "): otherwise an init that is still under way counts as lost");
            }
        }
    }
}
