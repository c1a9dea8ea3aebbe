package io.liveness.gateway.session.leasing;

import java.time.Duration;

/**
 * The number of polls that are due.
 *
 * @param finalPolls how many sessions whose token ends soon
 * @param others how many other sessions
 * @param finalPollsLate lateness of the most overdue final poll
 * @param othersLate lateness of the most overdue other poll
 */
public record DuePolls(int finalPolls, int others, Duration finalPollsLate, Duration othersLate) {

    public static final DuePolls NONE = new DuePolls(0, 0, Duration.ZERO, Duration.ZERO);

    public boolean none() {
        return finalPolls + others == 0;
    }
}
