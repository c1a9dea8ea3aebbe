package io.liveness.gateway.session.leasing;

import java.time.Duration;

/**
 * The number of polls that are due.
 *
 * @param lastLooks how many sessions whose token ends soon
 * @param others how many other sessions
 * @param lastLooksLate lateness of the most overdue final poll
 * @param othersLate lateness of the most overdue other poll
 */
public record DuePolls(int lastLooks, int others, Duration lastLooksLate, Duration othersLate) {

    public static final DuePolls NONE = new DuePolls(0, 0, Duration.ZERO, Duration.ZERO);

    public boolean none() {
        return lastLooks + others == 0;
    }
}
