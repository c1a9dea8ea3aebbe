package io.liveness.gateway.platform.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.liveness.gateway.platform.SteadyTime;
import io.liveness.gateway.platform.security.Caller;
import java.time.Clock;
import java.time.Duration;

/** A token bucket for each caller that was here lately: so many requests a second, with one second's burst. */
final class CallerBuckets {

    private static final Duration TO_FILL = Duration.ofSeconds(1);
    // A bucket is full again long before, so removing it then changes nothing. There is no limit of their number:
    // evicting a bucket would
    // give its caller a new burst, and names come from the token issuer.
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

    private final Cache<Caller, Bucket> buckets =
            Caffeine.newBuilder().expireAfterAccess(FORGOTTEN_AFTER).build();
    private final int perSecond;
    private final SteadyTime time;

    CallerBuckets(int perSecond, Clock clock) {
        this.perSecond = perSecond;
        this.time = new SteadyTime(clock);
    }

    /** Takes one request out of the caller's bucket, when there is one in it. */
    ConsumptionProbe take(Caller caller) {
        return buckets.get(caller, name -> full()).tryConsumeAndReturnRemaining(1);
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, TO_FILL))
                .withCustomTimePrecision(time)
                .build();
    }
}
