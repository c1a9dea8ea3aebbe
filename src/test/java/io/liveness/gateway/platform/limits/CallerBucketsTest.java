package io.liveness.gateway.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CallerBucketsTest {

    private static final Caller SHOP = new Caller("shop");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    @Test
    void a_clock_that_is_set_back_does_not_stop_refills() {
        RequestLimit.CallerBuckets buckets = new RequestLimit.CallerBuckets(4, clock);
        taken(buckets);

        now = now.minus(Duration.ofHours(1));
        assertThat(taken(buckets)).isZero();
        now = now.plusSeconds(1);
        assertThat(taken(buckets)).isEqualTo(4);
    }

    private static int taken(RequestLimit.CallerBuckets buckets) {
        int taken = 0;
        while (buckets.take(SHOP).isConsumed()) {
            taken++;
        }
        return taken;
    }
}
