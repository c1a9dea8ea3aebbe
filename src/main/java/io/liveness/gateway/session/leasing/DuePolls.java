package io.liveness.gateway.session.leasing;

import java.time.Duration;

/**
 * What the vendor should be asked about now.
 *
 * @param lastLooks how many sessions whose token ends soon
 * @param others how many other sessions
 * @param lastLooksLate how long the most overdue of the last looks has been due
 * @param othersLate how long the most overdue of the others has been due
 */
public record DuePolls(int lastLooks, int others, Duration lastLooksLate, Duration othersLate) {

    public static final DuePolls NONE = new DuePolls(0, 0, Duration.ZERO, Duration.ZERO);

    public boolean none() {
        return lastLooks + others == 0;
    }
}
