package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The duration of opens, with and without the vendor's part. */
@QuarkusTest
class OpeningTimesTest {

    private final Api api = Api.asNewCaller();

    @Inject
    MeterRegistry registry;

    @Test
    void an_open_is_timed_with_and_without_the_vendors_part() {
        double whole = millis("whole");
        double gateway = millis("gateway");

        // The sandbox answers this init after a second.
        api.opened("slow");

        double vendor = millis("whole") - whole - (millis("gateway") - gateway);
        assertThat(vendor).isGreaterThan(900);
        assertThat(millis("gateway")).isGreaterThan(gateway);
    }

    @Test
    void an_open_whose_time_was_set_back_meanwhile_takes_the_time_since() {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        Instant now = Instant.parse("2026-07-01T08:00:00Z");

        new SendInit.OpeningTimes(own, Clock.fixed(now, ZoneOffset.UTC))
                .start(now.plusSeconds(1))
                .stop();

        // Micrometer counts no time below zero.
        assertThat(own.get("liveness.opening").tag("part", "gateway").timer().count())
                .isOne();
    }

    private double millis(String part) {
        return timer(part).totalTime(TimeUnit.MILLISECONDS);
    }

    private Timer timer(String part) {
        return registry.get("liveness.opening").tag("part", part).timer();
    }
}
