package io.liveness.gateway.check.open;

import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.open.StoreIntent.Known;
import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Opens a session in three steps: store the intent under the caller's key, call init with no transaction open, record the outcome. After a
 * crash at any step, a key has led to at most one init that could have cost money.
 */
@Singleton
public class OpenSession {

    /** The answer to a request: a session opened by it, or the one that its key led to before. */
    public record Opened(SessionRow session, boolean replayed) {}

    private static final Duration SOON = Duration.ofSeconds(1);

    private final OpenShare share;
    private final BudgetLimit callersBudget;
    private final StoreIntent intent;
    private final TakeBackIntents takeBack;
    private final SendInit init;
    private final OpeningTimes times;
    private final Duration longest;
    private final Clock clock;

    OpenSession(
            OpenShare share,
            BudgetLimit callersBudget,
            StoreIntent intent,
            TakeBackIntents takeBack,
            SendInit init,
            OpeningTimes times,
            SessionConfig config,
            Clock clock) {
        this.share = share;
        this.callersBudget = callersBudget;
        this.intent = intent;
        this.takeBack = takeBack;
        this.init = init;
        this.times = times;
        this.longest = config.openingTimeout().plus(Purpose.INIT.ahead());
        this.clock = clock;
    }

    public Uni<Opened> open(Caller caller, String idempotencyKey, OpenSessionRequest given) {
        OpeningTimes.Watch watch = times.start();
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
                SqlValues.newId(now),
                init.refusal());
        return store(opening)
                .chain(refusal -> refusal.isEmpty() ? send(opening, watch) : known(opening, refusal.get(), watch));
    }

    /** @return empty when the intent is stored; else the refusal, made and counted only when the key leads to nothing else */
    private Uni<Optional<Supplier<ProblemException>>> store(Opening opening) {
        Caller caller = opening.caller();
        if (share.isExceeded(caller)) {
            return Uni.createFrom().item(Optional.of(() -> share.refuse(caller)));
        }
        if (opening.unsent().isPresent()) {
            return Uni.createFrom()
                    .item(Optional.of(() -> init.refuse(caller, opening.unsent().orElseThrow())));
        }
        return takeBack.whenFailed(opening, intent.store(opening)).map(stored -> switch (stored) {
            case STORED -> Optional.empty();
            case OVER_LIMIT -> Optional.of(() -> intent.refuse(caller));
            case OVER_BUDGET -> Optional.of(() -> callersBudget.refuse(caller));
            // Where the key leads to nothing now, it is safe to repeat.
            case NOT_STORED -> Optional.of(OpenSession::inFlight);
        });
    }

    private Uni<Opened> send(Opening opening, OpeningTimes.Watch watch) {
        return init.send(opening, watch).onTermination().invoke(watch::stop).map(session -> new Opened(session, false));
    }

    /**
     * Answers a request that was not stored. A known key gives the stored session, 409 while it is in flight, 410 when it is thinned or
     * erased, 422 for another request, or a new attempt after a retryable refusal. A new key is refused: the caller is over a limit, or no
     * init may be sent now.
     */
    private Uni<Opened> known(Opening opening, Supplier<ProblemException> refusal, OpeningTimes.Watch watch) {
        return intent.byKey(opening.caller(), opening.idempotencyKey()).chain(stored -> {
            Known known = stored.orElseThrow(refusal);
            refuseGone(known.session());
            SessionStatus status = known.session().status();
            if (!Arrays.equals(known.requestHash(), opening.requestHash())) {
                throw IdempotencyKey.reused();
            }
            if (status == SessionStatus.OPENING) {
                throw inFlight();
            }
            if (status == SessionStatus.REJECTED && known.refusalPassing()) {
                return tryAgain(opening, known, watch);
            }
            return Uni.createFrom().item(new Opened(known.session(), true));
        });
    }

    private Uni<Opened> tryAgain(Opening opening, Known known, OpeningTimes.Watch watch) {
        Opening again = opening.again(known.session().id(), known.attempt() + 1, SqlValues.newId(opening.startedAt()));
        return store(again)
                .chain(refusal -> refusal.isEmpty() ? send(again, watch) : notReopened(again, refusal.get()));
    }

    /** Another request was faster, or the caller is over a limit or no init may be sent now, and nothing has changed. */
    private Uni<Opened> notReopened(Opening again, Supplier<ProblemException> refusal) {
        return intent.byKey(again.caller(), again.idempotencyKey()).map(stored -> {
            Known now = stored.orElseThrow(OpenSession::inFlight);
            refuseGone(now.session());
            if (now.session().status() == SessionStatus.REJECTED && now.attempt() < again.attempt()) {
                throw refusal.get();
            }
            throw inFlight();
        });
    }

    /** Refuses a key whose session is thinned or erased. */
    static void refuseGone(SessionRow session) {
        if (session.isGone()) {
            throw new ProblemException(
                            ProblemCode.GONE,
                            "This key opened a session whose data was erased. Nothing was opened; use a new key for a new"
                                    + " session.")
                    .sessionId(session.id());
        }
    }

    /** The refusal while another request with the key is under way. */
    static ProblemException inFlight() {
        return new ProblemException(
                        ProblemCode.IDEMPOTENCY_KEY_IN_FLIGHT, "Send the same request again after Retry-After seconds.")
                .retryAfter(SOON);
    }

    /** Times opens for which init was sent or refused: the whole of it, and without the vendor's part ({@code liveness.opening}). */
    @Startup // its metrics are there from the start
    @Singleton
    static class OpeningTimes {

        private final Timer whole;
        private final Timer gateway;

        OpeningTimes(MeterRegistry registry) {
            this.whole = timer("whole").register(registry);
            this.gateway = timer("gateway").register(registry);
        }

        private static Timer.Builder timer(String part) {
            return TimeBuckets.timer("liveness.opening", "Duration of opens: in total, and without the vendor's part")
                    .tag("part", part);
        }

        Watch start() {
            return new Watch();
        }

        /** The time of one open. */
        final class Watch {

            private final long begun = System.nanoTime();
            private volatile long vendorNanos;

            private Watch() {}

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
