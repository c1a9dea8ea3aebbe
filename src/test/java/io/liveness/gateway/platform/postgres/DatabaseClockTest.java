package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** A replica whose steady time, whose own clock and whose database's clock are set. */
    private static final class Replica {

        private long steadyNanos = 1_000_000_000;
        private Duration ownAhead = Duration.ZERO;
        private Duration databaseAhead = Duration.ZERO;
        private final DatabaseClock clock = new DatabaseClock(
                new Clock() {
                    @Override
                    public Instant instant() {
                        return right().plus(ownAhead);
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                },
                () -> steadyNanos);

        private Instant right() {
            return DATABASE.plusNanos(steadyNanos);
        }

        void read() {
            clock.read(right().plus(databaseAhead), steadyNanos);
        }

        /** Reads each second, and hears others every 15 seconds. */
        void run(Duration time, Duration... others) {
            for (int second = 1; second <= time.toSeconds(); second++) {
                steadyNanos += 1_000_000_000;
                read();
                if (second % 15 == 0) {
                    clock.hear(List.of(others));
                }
            }
        }

        /** How far its time is off. */
        Duration off() {
            return Duration.between(right(), clock.instant());
        }
    }

    private static final Duration LONG = Duration.ofMinutes(5);

    @ParameterizedTest
    @ValueSource(ints = {31, -31, 3_600, -3_600, 10_800})
    void when_the_databases_clock_jumps_the_time_goes_on(int seconds) {
        Duration jump = Duration.ofSeconds(seconds);
        for (Duration[] others : new Duration[][] {{}, {jump.negated()}, {jump.negated(), jump.negated()}}) {
            Replica replica = new Replica();
            replica.run(LONG);

            replica.databaseAhead = jump;
            // What others reported last is of the time before the jump.
            replica.run(Duration.ofSeconds(14));
            replica.run(LONG, others);

            assertThat(replica.off()).isZero();
            assertThat(replica.clock.ahead()).isEqualTo(jump.negated());
            replica.databaseAhead = Duration.ZERO;
            replica.run(LONG, others);
            assertThat(replica.off()).isZero();
            assertThat(replica.clock.ahead()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {31, -31, 3_600, -3_600})
    void a_replica_that_starts_while_the_databases_clock_is_wrong_takes_the_time_of_the_others(int seconds) {
        Replica replica = new Replica();
        replica.databaseAhead = Duration.ofSeconds(seconds);
        replica.clock.hear(List.of(Duration.ofSeconds(-seconds)));

        replica.read();

        assertThat(replica.off()).isZero();
        assertThat(replica.clock.isInDoubt()).isFalse();
    }

    @Test
    void two_that_start_together_outvote_the_database() {
        Replica replica = new Replica();
        replica.databaseAhead = Duration.ofHours(1);
        replica.read();
        assertThat(replica.clock.isInDoubt()).isTrue();
        assertThat(replica.off()).isEqualTo(Duration.ofHours(1));

        replica.run(Duration.ofMinutes(1), replica.clock.says());

        assertThat(replica.clock.isInDoubt()).isFalse();
        assertThat(replica.off()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {31, -31, 10_800})
    void a_replica_whose_own_clock_is_wrong_goes_by_the_databases(int seconds) {
        Replica replica = new Replica();
        replica.ownAhead = Duration.ofSeconds(seconds);

        replica.read();
        assertThat(replica.off()).isZero();
        assertThat(replica.clock.isInDoubt()).as("it might be the database's").isTrue();
        replica.run(LONG, Duration.ZERO);

        assertThat(replica.off()).isZero();
        assertThat(replica.clock.isInDoubt()).isFalse();
        assertThat(replica.clock.says()).isZero();
    }

    @Test
    void a_replica_that_alone_lost_its_time_follows_the_others() {
        Replica replica = new Replica();
        replica.run(LONG);

        // A machine that was held for an hour: for it no time has passed.
        replica.databaseAhead = Duration.ofHours(1);
        replica.run(LONG, Duration.ZERO);

        assertThat(replica.off()).isEqualTo(Duration.ofHours(1));
        assertThat(replica.clock.ahead()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // by how many seconds the time is ahead of the database's, as the replica and others say; as more than half say
        "0, '', 0",
        "20, '', 0",
        "31, '', -",
        "31, '31', 31",
        "31, '0', 0",
        "31, '31 0', -",
        "31, '31 32', 31",
        "3600, '-3600', -",
        "0, '31 32', -",
        "0, '31 32 33', 31",
    })
    void the_database_and_the_replicas_have_a_voice_each(int mine, String others, String expected) {
        List<Duration> said = Stream.of(others.split(" "))
                .filter(one -> !one.isEmpty())
                .map(Long::parseLong)
                .map(Duration::ofSeconds)
                .toList();

        assertThat(DatabaseClock.most(Duration.ofSeconds(mine), said).map(Duration::toSeconds))
                .isEqualTo(expected.equals("-") ? Optional.empty() : Optional.of(Long.valueOf(expected)));
    }

    @Test
    void what_is_past_is_given_up_only_by_a_time_that_is_sure() {
        Replica replica = new Replica();
        DatabaseWatch watch = new DatabaseWatch(null, new DatabaseHealth(), replica.clock, new SimpleMeterRegistry());
        assertThat(watch.knowsTheTime()).isFalse();
        assertThat(watch.isSureOfTheTime()).isFalse();

        replica.databaseAhead = Duration.ofHours(4);
        replica.read();

        assertThat(watch.knowsTheTime()).as("before it has heard the others").isFalse();
        replica.run(Duration.ofSeconds(16));
        assertThat(watch.knowsTheTime()).as("there are none").isTrue();
        assertThat(watch.isSureOfTheTime()).isFalse();
        replica.databaseAhead = Duration.ZERO;
        replica.read();
        assertThat(watch.isSureOfTheTime()).isTrue();
    }

    @Test
    void a_clock_that_was_not_read_yet_counts_as_wrong() {
        DatabaseClock clock = new DatabaseClock(Clock.fixed(DATABASE, ZoneOffset.UTC));
        DatabaseWatch watch = new DatabaseWatch(null, new DatabaseHealth(), clock, new SimpleMeterRegistry());
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
