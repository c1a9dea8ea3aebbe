package io.liveness.gateway.session.leasing;

import java.time.Duration;
import java.util.List;

/**
 * Sessions that were leased to be polled.
 *
 * @param finalPolls those whose token ends soon
 * @param others the others
 * @param due what was due before the lease, including these and what others leased meanwhile
 */
public record LeasedPolls(List<LeasedSession> finalPolls, List<LeasedSession> others, DuePolls due) {

    public boolean none() {
        return finalPolls.isEmpty() && others.isEmpty();
    }

    /** What is still due. The lateness was measured before the lease: the rest may be less late. */
    public DuePolls left() {
        int finalPollsLeft = Math.max(0, due.finalPolls() - finalPolls.size());
        int othersLeft = Math.max(0, due.others() - others.size());
        return new DuePolls(
                finalPollsLeft,
                othersLeft,
                finalPollsLeft == 0 ? Duration.ZERO : due.finalPollsLate(),
                othersLeft == 0 ? Duration.ZERO : due.othersLate());
    }
}
