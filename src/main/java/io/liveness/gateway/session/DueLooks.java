package io.liveness.gateway.session;

/**
 * How many sessions the vendor should be asked about now.
 *
 * @param lastLooks of those whose token ends soon
 * @param others of all others
 */
public record DueLooks(int lastLooks, int others) {

    public boolean none() {
        return lastLooks + others == 0;
    }

    /** The others give way to the last looks. */
    DueLooks atMost(int limit) {
        int first = Math.min(lastLooks, limit);
        return new DueLooks(first, Math.min(others, limit - first));
    }
}
