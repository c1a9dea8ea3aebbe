package io.liveness.gateway.platform.limits;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Limits how much of one kind of work is under way in this process, in all and for each caller. Work that finds no place is
 * refused at once and never queued.
 */
public final class Bulkhead {

    /** Why there is no place. */
    public enum Full {
        /** The caller has all it may have. */
        CALLER,
        /** Everybody together has. */
        ALL;

        /**
         * The answer to a request that finds no place.
         *
         * @param ofCaller what is told when the caller has all it may have
         * @param ofAll otherwise
         */
        public ProblemException refusal(String ofCaller, String ofAll, Duration retryAfter) {
            return (this == CALLER
                            ? new ProblemException(ProblemCode.RATE_LIMITED, ofCaller)
                            : new ProblemException(ProblemCode.BUSY, ofAll))
                    .retryAfter(retryAfter);
        }
    }

    private final int perCaller;
    private final Semaphore places;
    private final Map<Caller, Integer> taken = new ConcurrentHashMap<>();

    public Bulkhead(int max, int maxPerCaller) {
        this.places = new Semaphore(max);
        this.perCaller = maxPerCaller;
    }

    /** Takes a place, which has to be left once. @return empty when there was one */
    public Optional<Full> take(Caller caller) {
        return take(caller, 1);
    }

    /** Takes several places, or none. They have to be left together. @return empty when there were as many */
    public Optional<Full> take(Caller caller, int count) {
        boolean isOver = taken.merge(caller, count, Integer::sum) > perCaller;
        if (!isOver && places.tryAcquire(count)) {
            return Optional.empty();
        }
        leaveOfCaller(caller, count);
        return Optional.of(isOver ? Full.CALLER : Full.ALL);
    }

    public void leave(Caller caller) {
        leave(caller, 1);
    }

    public void leave(Caller caller, int count) {
        leaveOfCaller(caller, count);
        places.release(count);
    }

    /** Runs work in a place and leaves it when the work completes, fails or is cancelled. */
    public <T> Uni<T> run(Caller caller, Supplier<Uni<T>> work, Function<Full, Uni<T>> refused) {
        return Uni.createFrom()
                .deferred(() -> take(caller).map(refused).orElseGet(() -> {
                    AtomicBoolean left = new AtomicBoolean();
                    return Uni.createFrom().deferred(work::get).onTermination().invoke(() -> {
                        if (left.compareAndSet(false, true)) {
                            leave(caller);
                        }
                    });
                }));
    }

    private void leaveOfCaller(Caller caller, int count) {
        taken.computeIfPresent(caller, (name, all) -> all == count ? null : all - count);
    }
}
