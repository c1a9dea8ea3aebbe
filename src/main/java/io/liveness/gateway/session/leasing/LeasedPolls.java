package io.liveness.gateway.session.leasing;

import java.time.Duration;
import java.util.List;

/**
 * Sessions that were leased to be polled.
 *
 * @param lastLooks those whose token ends soon
 * @param others the others
 * @param due what was due before the lease, including these and what others leased meanwhile
 */
public record LeasedPolls(List<LeasedSession> lastLooks, List<LeasedSession> others, DuePolls due) {

    public boolean none() {
        return lastLooks.isEmpty() && others.isEmpty();
    }

    /** What is still due. The lateness was measured before the lease: the rest may be less late. */
    public DuePolls left() {
        int lastLooksLeft = Math.max(0, due.lastLooks() - lastLooks.size());
        int othersLeft = Math.max(0, due.others() - others.size());
        return new DuePolls(
                lastLooksLeft,
                othersLeft,
                lastLooksLeft == 0 ? Duration.ZERO : due.lastLooksLate(),
                othersLeft == 0 ? Duration.ZERO : due.othersLate());
    }
}
