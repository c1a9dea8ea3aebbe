package io.liveness.gateway.platform.limits;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The places of reads that wait at this replica. No caller takes all of them. */
@Singleton
public class WaitingPlaces {

    /** The longest {@code waitSeconds}. */
    public static final int MAX_WAIT_SECONDS = 30;

    /** Limits for reads that wait for a verdict or an event ({@code waitSeconds}). Each costs some 25 KB and an HTTP connection. */
    @ConfigMapping(prefix = "liveness.waiters")
    interface WaitingLimits {

        /** Waiting reads at a replica; more are answered 503. Each takes 25 KB of heap and a connection. */
        @WithDefault("5000")
        @Min(value = 1, message = "liveness.waiters.max must be at least 1")
        int max();

        /** Waiting reads of one caller at a replica; more are answered 429. */
        @WithDefault("2500")
        @Min(value = 1, message = "liveness.waiters.max-per-caller must be at least 1")
        int maxPerCaller();
    }

    // A wait ends within 30 seconds; meanwhile the same read without waitSeconds is answered.
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Bulkhead places;
    private final int perCaller;
    private final Refusals refusals;

    WaitingPlaces(WaitingLimits config, Refusals refusals) {
        this.places = new Bulkhead(config.max(), config.maxPerCaller());
        this.perCaller = config.maxPerCaller();
        this.refusals = refusals;
    }

    /**
     * Runs a read that waits. Without a place it is read at once, and refused if it would have waited.
     *
     * @param wouldWait for more than what was read
     */
    public <T> Uni<T> run(Caller caller, Supplier<Uni<T>> waiting, Supplier<Uni<T>> atOnce, Predicate<T> wouldWait) {
        return places.run(
                caller,
                waiting,
                full -> atOnce.get().invoke(read -> {
                    if (wouldWait.test(read)) {
                        throw refusal(caller, full);
                    }
                }));
    }

    /** @param given the parameter {@code waitSeconds} */
    public static Duration wait(String given) {
        return Duration.ofSeconds(Parameters.number("waitSeconds", given, 0, MAX_WAIT_SECONDS));
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        ProblemException refusal = full.refusal(
                "At most " + perCaller
                        + " reads wait at a time; read without waitSeconds, or again after Retry-After seconds.",
                "Too many reads wait at the moment; read without waitSeconds, or again after Retry-After seconds.",
                LATER);
        if (full == Bulkhead.Full.ALL) {
            refusals.count(RefusedBy.WAITERS);
            return refusal;
        }
        refusals.report(caller, RefusedBy.WAITERS_PER_CALLER);
        return refusal.usedUp("waiters", perCaller);
    }
}
