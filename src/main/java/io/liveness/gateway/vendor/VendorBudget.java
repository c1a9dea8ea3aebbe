package io.liveness.gateway.vendor;

import io.smallrye.mutiny.Uni;

/**
 * How often the vendor may be called, by all replicas together: a token bucket of a configured rate and one second's burst.
 */
public interface VendorBudget {

    /**
     * Takes one call for a caller who is waiting, and completes when that call may be made.
     *
     * @return true after at most a second's wait; false at once when the budget is spent for longer than that
     */
    Uni<Boolean> takeOne();

    /**
     * Takes up to {@code wanted} calls for reconciling, without waiting. Fewer, down to one in a while, after {@link #slowDown()}.
     *
     * @return how many calls may be made now, 0 to {@code wanted}
     */
    Uni<Integer> takeForReconciling(int wanted);

    /** Returns calls that were taken and not made. */
    Uni<Void> giveBack(int unused);

    /** The vendor asked to be called less: reconciling slows down on every replica, and recovers by itself. */
    Uni<Void> slowDown();
}
