package io.liveness.gateway.session.waiting;

import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Places for reads that wait: no caller takes them all. */
@Singleton
class WaitingPlaces {

    // A wait ends within 30 seconds; meanwhile the same read without waitSeconds is answered.
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Bulkhead places;
    private final int perCaller;
    private final Refusals refusals;

    WaitingPlaces(WaitersConfig config, Refusals refusals) {
        this.places = new Bulkhead(config.max(), config.maxPerCaller());
        this.perCaller = config.maxPerCaller();
        this.refusals = refusals;
    }

    /** Runs a wait in a place of the caller's. Without one, {@code refused} decides what becomes of the refusal. */
    <T> Uni<T> wait(Caller caller, Supplier<Uni<T>> waiting, Function<Supplier<ProblemException>, Uni<T>> refused) {
        return places.run(caller, waiting, full -> refused.apply(() -> refusal(caller, full)));
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        if (full == Bulkhead.Full.CALLER) {
            refusals.count(caller, RefusedBy.WAITERS_PER_CALLER);
            return new ProblemException(
                            CommonProblem.RATE_LIMITED,
                            "At most " + perCaller
                                    + " reads wait at a time; read without waitSeconds, or again after Retry-After seconds.")
                    .usedUp("waiters", perCaller)
                    .retryAfter(LATER);
        }
        refusals.count(RefusedBy.WAITERS);
        return new ProblemException(
                        CommonProblem.BUSY,
                        "Too many reads wait at the moment; read without waitSeconds, or again after Retry-After seconds.")
                .retryAfter(LATER);
    }
}
