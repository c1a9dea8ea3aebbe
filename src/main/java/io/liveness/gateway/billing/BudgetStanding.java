package io.liveness.gateway.billing;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a caller has used up its budget of a month.
 *
 * @param spent pre-deducted in that month and not come back, in minor units of the budget's currency
 * @param hardStop whether nothing is opened once the budget is spent
 * @param from when the month began
 * @param to when it ends
 */
public record BudgetStanding(Money budget, long spent, boolean hardStop, Instant from, Instant to) {

    private static final int[] LEVELS = {100, 80, 50};

    /** The highest of 50, 80 and 100 percent that is reached; 0 below. */
    public int reached() {
        for (int level : LEVELS) {
            // A budget has 12 digits before the point at most: this is far from the end of a long.
            if (spent * 100 >= budget.minor() * level) {
                return level;
            }
        }
        return 0;
    }

    /** When the month of a moment began: this one, or the next one, which may not have been read yet. */
    public Instant beginningOfMonth(Instant now) {
        return isOf(now) ? from : to;
    }

    /** Whether the month is not over. */
    public boolean isOf(Instant now) {
        return now.isBefore(to);
    }

    /** In minor units; 0 once the budget is spent. */
    public long left() {
        return Math.max(0, budget.minor() - spent);
    }

    /** Until the next month, whole seconds, rounded up, at least one. */
    public long secondsLeft(Instant now) {
        return Math.max(
                1, Duration.between(now, to).plusSeconds(1).minusNanos(1).toSeconds());
    }

    public long secondsOfMonth() {
        return Duration.between(from, to).toSeconds();
    }
}
