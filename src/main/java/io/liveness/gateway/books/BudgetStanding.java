package io.liveness.gateway.books;

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

    /** The highest of 50, 80 and 100 percent that is reached; 0 below. */
    public int reached() {
        // A hundred times the largest amounts would exceed a long.
        long whole = budget.units();
        if (spent >= whole) {
            return 100;
        }
        if (spent >= whole - whole / 5) {
            return 80;
        }
        return spent >= whole - whole / 2 ? 50 : 0;
    }

    /** When the month of a moment began: this one, or the next one, which may not have been read yet. */
    public Instant beginningOfMonth(Instant now) {
        return isOf(now) ? from : to;
    }

    /** Whether the month is not over. */
    public boolean isOf(Instant now) {
        return now.isBefore(to);
    }

    /** What is left is zero once the budget is spent. */
    public Money left() {
        return new Money(Math.max(0, budget.units() - spent), budget.currency());
    }

    /** The whole seconds until the next month, rounded up, at least one. */
    public long secondsLeft(Instant now) {
        return Math.max(
                1, Duration.between(now, to).plusSeconds(1).minusNanos(1).toSeconds());
    }

    public long secondsOfMonth() {
        return Duration.between(from, to).toSeconds();
    }
}
