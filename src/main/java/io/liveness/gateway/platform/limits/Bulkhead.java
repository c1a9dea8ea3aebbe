package io.liveness.gateway.platform.limits;

import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
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
        ALL
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
        if (!takeOfCaller(caller)) {
            return Optional.of(Full.CALLER);
        }
        if (places.tryAcquire()) {
            return Optional.empty();
        }
        leaveOfCaller(caller);
        return Optional.of(Full.ALL);
    }

    public void leave(Caller caller) {
        leaveOfCaller(caller);
        places.release();
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

    private boolean takeOfCaller(Caller caller) {
        boolean[] free = new boolean[1];
        taken.compute(caller, (name, before) -> {
            int count = before == null ? 0 : before;
            free[0] = count < perCaller;
            return free[0] ? Integer.valueOf(count + 1) : before;
        });
        return free[0];
    }

    private void leaveOfCaller(Caller caller) {
        taken.computeIfPresent(caller, (name, count) -> count == 1 ? null : count - 1);
    }
}
