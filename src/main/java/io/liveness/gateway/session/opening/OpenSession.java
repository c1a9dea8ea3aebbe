package io.liveness.gateway.session.opening;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.ReadSession;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.session.opening.StoreIntent.Stored;
import io.liveness.gateway.session.request.OpenSessionRequest;
import io.liveness.gateway.session.request.RequestHash;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Opens a session in three steps: store the intent under the caller's key, call init with no transaction open, record the outcome. After a
 * crash at any step, a key has led to at most one init that could have cost money.
 */
@Singleton
public class OpenSession {

    /** The answer to a request: a session opened by it, or the one that its key led to before. */
    public record Opened(SessionRow session, boolean replayed) {}

    private final StoreIntent intent;
    private final OpenSessionsLimit limit;
    private final BudgetLimit budget;
    private final OpenShare share;
    private final TakeBackIntents takeBack;
    private final SendInit init;
    private final ReadSession read;
    private final OpeningTimes times;
    private final Clock clock;

    OpenSession(
            StoreIntent intent,
            OpenSessionsLimit limit,
            BudgetLimit budget,
            OpenShare share,
            TakeBackIntents takeBack,
            SendInit init,
            ReadSession read,
            OpeningTimes times,
            Clock clock) {
        this.intent = intent;
        this.limit = limit;
        this.budget = budget;
        this.share = share;
        this.takeBack = takeBack;
        this.init = init;
        this.read = read;
        this.times = times;
        this.clock = clock;
    }

    public Uni<Opened> open(Caller caller, String idempotencyKey, OpenSessionRequest given) {
        OpeningTimes.Watch watch = times.start();
        OpenSessionRequest request = given.withDefaults();
        Instant now = clock.instant();
        Opening opening = new Opening(
                Sql.newId(now), caller, idempotencyKey, request, RequestHash.of(request), 1, now, Sql.newId(now));
        return store(opening, watch, refusal -> known(opening, watch, refusal));
    }

    /** @param notStored called when nothing was stored, with the refusal to use if the key turns out to be new */
    private Uni<Opened> store(
            Opening opening, OpeningTimes.Watch watch, Function<Supplier<ProblemException>, Uni<Opened>> notStored) {
        Optional<Supplier<ProblemException>> over = share.refusal(opening.caller());
        if (over.isPresent()) {
            return notStored.apply(over.get());
        }
        Optional<OpenOutcome.Refused> refusal = init.refusal();
        Uni<Stored> stored = refusal.map(why -> intent.refused(opening, why)).orElseGet(() -> intent(opening));
        return takeBack.whenFailed(opening, stored).chain(done -> {
            if (done != Stored.STORED) {
                return notStored.apply(() ->
                        done == Stored.OVER_BUDGET ? budget.refuse(opening.caller()) : limit.refuse(opening.caller()));
            }
            return refusal.map(why -> init.refuse(opening, why))
                    .orElseGet(() -> init.send(opening, watch))
                    .onTermination()
                    .invoke(watch::stop)
                    .map(session -> new Opened(session, false));
        });
    }

    private Uni<Stored> intent(Opening opening) {
        Instant orphanedAt = init.orphanedAt(opening);
        return opening.attempt() == 1 ? intent.insert(opening, orphanedAt) : intent.reopen(opening, orphanedAt);
    }

    /**
     * Answers a request that was not stored. A known key gives the stored session, 409 while it is in flight, 410 when it is thinned or
     * erased, 422 for another request, or a new attempt after a retryable refusal. A new key means that the caller is over a limit.
     */
    private Uni<Opened> known(Opening opening, OpeningTimes.Watch watch, Supplier<ProblemException> refusal) {
        return read.byKey(opening.caller(), opening.idempotencyKey()).chain(stored -> {
            ReadSession.Known known = stored.orElseThrow(refusal);
            refuseGone(known.session());
            SessionStatus status = known.session().status();
            if (!Arrays.equals(known.requestHash(), opening.requestHash())) {
                throw IdempotencyKey.reused();
            }
            if (status == SessionStatus.OPENING) {
                throw OpeningProblems.inFlight();
            }
            if (status == SessionStatus.REJECTED && known.refusalPassing()) {
                return tryAgain(opening, known, watch);
            }
            return Uni.createFrom().item(new Opened(known.session(), true));
        });
    }

    private Uni<Opened> tryAgain(Opening opening, ReadSession.Known known, OpeningTimes.Watch watch) {
        Opening again = new Opening(
                known.session().id(),
                opening.caller(),
                opening.idempotencyKey(),
                opening.request(),
                opening.requestHash(),
                known.attempt() + 1,
                opening.startedAt(),
                Sql.newId(opening.startedAt()));
        return store(again, watch, refusal -> notReopened(again, refusal));
    }

    private static void refuseGone(SessionRow session) {
        if (session.isGone()) {
            throw OpeningProblems.gone(session.id());
        }
    }

    /** Another request was faster, or the caller is over a limit and nothing has changed. */
    private Uni<Opened> notReopened(Opening again, Supplier<ProblemException> refusal) {
        return read.byKey(again.caller(), again.idempotencyKey()).map(stored -> {
            ReadSession.Known now = stored.orElseThrow(OpeningProblems::inFlight);
            refuseGone(now.session());
            if (now.session().status() == SessionStatus.REJECTED && now.attempt() < again.attempt()) {
                throw refusal.get();
            }
            throw OpeningProblems.inFlight();
        });
    }
}
