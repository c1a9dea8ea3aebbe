package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.CallTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How many calls came to the vendor, and how close together. */
final class VendorLoad {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long[] arrivals;

    VendorLoad(List<CallTime> calls) {
        arrivals = calls.stream().mapToLong(CallTime::nanos).sorted().toArray();
    }

    /**
     * A bucket of a rate and one second's burst lets through no more than the burst and what flows in meanwhile, from any call
     * to any other.
     */
    void assertWithin(int perSecond) {
        assertThat(peak()).as("calls in any one second").isLessThanOrEqualTo(2L * perSecond);
        assertThat(arrivals.length).as("calls in %.1f seconds", seconds()).isLessThanOrEqualTo((int)
                Math.ceil(perSecond * (seconds() + 1)));
    }

    /** The most in any one second. */
    long peak() {
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

    @Override
    public String toString() {
        return "%d calls in %.1f s: at most %d in any one second, %.1f on average"
                .formatted(arrivals.length, seconds(), peak(), arrivals.length / seconds());
    }
}
