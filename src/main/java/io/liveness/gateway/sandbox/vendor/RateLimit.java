package io.liveness.gateway.sandbox.vendor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** So many calls in any one second, measured in real time whatever the clock is set to. */
final class RateLimit {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final Deque<Long> admitted = new ArrayDeque<>();

    /** @param perSecond 0 for no limit */
    RateLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    boolean admits(long nanos) {
        return perSecond == 0 || admitsLimited(nanos);
    }

    private synchronized boolean admitsLimited(long nanos) {
        while (!admitted.isEmpty() && nanos - admitted.peekFirst() >= SECOND) {
            admitted.removeFirst();
        }
        return admitted.size() < perSecond && admitted.add(nanos);
    }
}
