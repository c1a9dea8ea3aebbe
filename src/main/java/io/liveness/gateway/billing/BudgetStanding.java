package io.liveness.gateway.billing;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * How far a caller has used up its budget of a month.
 *
 * @param spent pre-deducted in that month and not come back, in the units of {@link Money}, of the budget's currency
 * @param hardStop whether nothing is opened once the budget is spent
 * @param from when the month began
 * @param to when it ends
 */
public record BudgetStanding(Money budget, long spent, boolean hardStop, Instant from, Instant to) {

    private static final int[] LEVELS = {100, 80, 50};

    /** The highest of 50, 80 and 100 percent that is reached; 0 below. */
    public int reached() {
        for (int level : LEVELS) {
            if (times(spent, 100).compareTo(times(budget.units(), level)) >= 0) {
                return level;
            }
        }
        return 0;
    }

    /** Of the largest amounts it exceeds a long. */
    private static BigInteger times(long units, int factor) {
        return BigInteger.valueOf(units).multiply(BigInteger.valueOf(factor));
    }

    /** When the month of a moment began: this one, or the next one, which may not have been read yet. */
    public Instant beginningOfMonth(Instant now) {
        return isOf(now) ? from : to;
    }

    /** Whether the month is not over. */
    public boolean isOf(Instant now) {
        return now.isBefore(to);
    }

    /** Nothing once the budget is spent. */
    public Money left() {
        return new Money(Math.max(0, budget.units() - spent), budget.currency());
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
