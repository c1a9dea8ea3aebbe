package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseClockTest {

    private static final Instant DATABASE = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void before_the_first_reading_it_is_the_replicas_own_clock() {
        Instant own = DATABASE.plusSeconds(7);
        DatabaseClock clock = new DatabaseClock(Clock.fixed(own, ZoneOffset.UTC));

        assertThat(clock.instant()).isEqualTo(own);
        assertThat(clock.skew()).isZero();
    }

    @Test
    void a_replica_that_is_hours_ahead_goes_by_the_databases_time_and_knows_by_how_much() {
        DatabaseClock clock = new DatabaseClock(Clock.fixed(DATABASE.plus(Duration.ofHours(3)), ZoneOffset.UTC));

        clock.read(DATABASE, System.nanoTime());

        assertThat(clock.instant()).isCloseTo(DATABASE, within(1, ChronoUnit.MINUTES));
        assertThat(clock.skew()).isBetween(Duration.ofMinutes(179), Duration.ofHours(3));
    }

    @Test
    void one_that_is_behind_has_a_negative_skew() {
        DatabaseClock clock = new DatabaseClock(Clock.fixed(DATABASE.minusSeconds(60), ZoneOffset.UTC));

        clock.read(DATABASE, System.nanoTime());

        assertThat(clock.skew()).isNegative();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1, 3})
    void a_jump_of_the_databases_clock_is_noticed_and_not_followed(int hours) {
        DatabaseClock clock = new DatabaseClock(Clock.fixed(DATABASE, ZoneOffset.UTC));
        clock.read(DATABASE, System.nanoTime());

        clock.read(DATABASE.plus(Duration.ofHours(hours)), System.nanoTime());

        assertThat(clock.instant()).isCloseTo(DATABASE, within(1, ChronoUnit.MINUTES));
        assertThat(clock.skew().abs()).isGreaterThan(Duration.ofMinutes(59));
        clock.read(DATABASE, System.nanoTime());
        assertThat(clock.skew().abs()).isLessThan(DatabaseClock.MAX_SKEW);
    }

    @Test
    void a_database_whose_clock_is_set_right_is_followed() {
        DatabaseClock clock = new DatabaseClock(Clock.fixed(DATABASE, ZoneOffset.UTC));
        clock.read(DATABASE.minus(Duration.ofHours(1)), System.nanoTime());

        clock.read(DATABASE, System.nanoTime());

        assertThat(clock.instant()).isCloseTo(DATABASE, within(1, ChronoUnit.MINUTES));
    }

    @Test
    void a_clock_that_was_not_read_yet_counts_as_wrong() {
        DatabaseClock clock = new DatabaseClock(Clock.fixed(DATABASE, ZoneOffset.UTC));
        DatabaseWatch watch = new DatabaseWatch(null, clock, new SimpleMeterRegistry());
        assertThat(watch.isWrong()).isTrue();

        clock.read(DATABASE, System.nanoTime());

        assertThat(watch.isWrong()).isFalse();
    }

    @Test
    void between_readings_it_runs_whatever_is_done_to_the_replicas_own_clock() {
        // A clock that stands still stands for one that is set back all the time.
        DatabaseClock clock = new DatabaseClock(Clock.fixed(DATABASE, ZoneOffset.UTC));
        clock.read(DATABASE, System.nanoTime());

        Instant first = clock.instant();
        long start = System.nanoTime();
        while (System.nanoTime() - start < 1_000_000) {
            Thread.onSpinWait();
        }

        assertThat(clock.instant()).isAfterOrEqualTo(first.plusNanos(1_000_000));
    }
}
