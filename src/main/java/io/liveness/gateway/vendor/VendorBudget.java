package io.liveness.gateway.vendor;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Limits calls of the vendor over all replicas together: a token bucket of a configured rate and one second's burst. It counts calls;
 * the money that a caller may spend in a month is another budget, of {@code CallerBudgets} and {@code BudgetLimit}.
 *
 * <p>A call may reserve its place ahead of time and is made when that place has come. How far ahead depends on its purpose, so that under
 * load final polls come before opens, opens before polls of the timetable, and those before polls that callers ask for. An open pays for
 * its init and for one final poll: opens take half of the rate at most, and every accepted session can be polled before its token ends.
 */
public interface VendorBudget {

    /** What a call is for, and how far ahead it may reserve its place. */
    enum Purpose {
        /** A caller or a returning person wants to know now. */
        POLL_NOW("poll-now", Duration.ofMillis(500)),
        /** A poll of the timetable. */
        POLL("poll", Duration.ofMillis(750)),
        /** A session is opened. */
        INIT("init", Duration.ofSeconds(1)),
        /** One of the final polls before a token's end: after them the verdict is lost. */
        FINAL_POLL("final-poll", Duration.ofSeconds(2));

        private final String label;
        private final Duration ahead;

        Purpose(String label, Duration ahead) {
            this.label = label;
            this.ahead = ahead;
        }

        /** The label {@code purpose} of metrics, a public name: it stays when a constant is renamed. */
        public String label() {
            return label;
        }

        public Duration ahead() {
            return ahead;
        }

        /** Whether the scheduler asks, and no request waits for the answer. */
        public boolean isScheduledPoll() {
            return this == POLL || this == FINAL_POLL;
        }
    }

    /**
     * Calls that were granted.
     *
     * @param calls how many, 0 to what was wanted
     * @param firstIn how long until the first one may be made
     * @param between how long from one to the next
     */
    record Grant(int calls, Duration firstIn, Duration between) {

        /** How long until the call with this number, counted from 0, may be made. */
        public Duration waitFor(int number) {
            Duration wait = firstIn.plus(between.multipliedBy(number));
            return wait.isNegative() ? Duration.ZERO : wait;
        }
    }

    /** Takes as many calls as there is room for, at once and in one step; the caller waits for the place of each. */
    Uni<Grant> take(Purpose purpose, int wanted);

    /**
     * Takes one call, and completes when it may be made.
     *
     * @return false at once when there is no room for it as far ahead as its purpose may reserve
     */
    Uni<Boolean> takeOne(Purpose purpose);

    /** Whether the budget had no place for opens a moment ago, by this replica's memory. False does not promise a place. */
    boolean isSpentForOpens();

    /** Counts an open that was refused since {@link #isSpentForOpens()}. */
    void openRefused();

    /** Returns calls that were taken and not made. Never fails: a place that cannot be returned is lost. */
    Uni<Void> giveBack(Purpose purpose, int unused);

    /**
     * Records that the vendor asked for fewer calls: polls before the final ones slow down on every replica and recover by themselves.
     * Never fails.
     *
     * @param purpose of the call that was answered so
     */
    Uni<Void> slowDown(Purpose purpose);
}
