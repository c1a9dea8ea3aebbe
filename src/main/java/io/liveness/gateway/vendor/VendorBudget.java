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
     * Takes calls for reconciling, without waiting. After {@link #slowDown()} fewer are granted for the others, never for the
     * last looks.
     *
     * @param lastLooks wanted for sessions whose token ends soon; what is granted is for them first
     * @param others wanted for all other sessions
     * @return how many calls may be made now, 0 to the sum of both
     */
    Uni<Integer> takeForReconciling(int lastLooks, int others);

    /** Returns calls that were taken and not made. */
    Uni<Void> giveBack(int unused);

    /** The vendor asked to be called less: reconciling slows down on every replica, and recovers by itself. */
    Uni<Void> slowDown();
}
