package io.liveness.gateway.testsupport.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Books.CallTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How many calls came to the vendor, and how close together. */
public final class VendorLoad {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    // What is seen is when calls arrive, not when they were granted. With callers, gateways, database and vendor on two
    // cores, calls are under way for half a second while a crowd is served and for none when it has been: the last ones
    // arrive together with those granted before them.
    private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

    private final long[] arrivals;

    public VendorLoad(List<CallTime> calls) {
        arrivals = calls.stream().mapToLong(CallTime::nanos).sorted().toArray();
    }

    /**
     * A bucket of a rate and one second's burst lets through no more than the burst and what flows in meanwhile, from any call
     * to any other.
     */
    public void assertWithin(int perSecond) {
        assertThat(burst(perSecond))
                .as("calls beyond %d a second, in any span of time", perSecond)
                .isLessThanOrEqualTo(perSecond + perSecond * ON_THE_WAY.toMillis() / 1000.0);
    }

    /** The smallest burst of a token bucket of that rate that lets every call through. */
    private double burst(int perSecond) {
        double needed = 0;
        double missing = 0;
        for (int i = 0; i < arrivals.length; i++) {
            double flownIn = i == 0 ? 0 : perSecond * (arrivals[i] - arrivals[i - 1]) / (double) SECOND;
            missing = Math.max(0, missing - flownIn) + 1;
            needed = Math.max(needed, missing);
        }
        return needed;
    }

    /** The most in any one second. */
    private long peak() {
        long peak = 0;
        int first = 0;
        for (int last = 0; last < arrivals.length; last++) {
            while (arrivals[last] - arrivals[first] >= SECOND) {
                first++;
            }
            peak = Math.max(peak, last - first + 1);
        }
        return peak;
    }

    private double seconds() {
        return (arrivals[arrivals.length - 1] - arrivals[0]) / (double) SECOND;
    }

    public String describe(int perSecond) {
        return "%d calls in %.1f s: at most %d in any one second, %.1f on average; a burst of %.0f beyond %d a second"
                .formatted(
                        arrivals.length, seconds(), peak(), arrivals.length / seconds(), burst(perSecond), perSecond);
    }
}
