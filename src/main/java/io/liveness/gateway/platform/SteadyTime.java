package io.liveness.gateway.platform;

import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The clock as buckets read it: never backwards, so that buckets refill although the clock is set back. */
public final class SteadyTime implements TimeMeter {

    private final Clock clock;
    private Instant last;
    private long nanos;

    public SteadyTime(Clock clock) {
        this.clock = clock;
        this.last = clock.instant();
    }

    @Override
    public synchronized long currentTimeNanos() {
        Instant now = clock.instant();
        nanos += Math.max(0, Duration.between(last, now).toNanos());
        last = now;
        return nanos;
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
