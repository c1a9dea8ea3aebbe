package io.liveness.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetStandingTest {

    private static final Instant FROM = Instant.parse("2026-10-31T16:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-30T16:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "1000,    0,   0, 1000, false",
        "1000,  499,   0,  501, false",
        "1000,  500,  50,  500, false",
        "1000,  799,  50,  201, false",
        "1000,  800,  80,  200, false",
        "1000,  999,  80,    1, false",
        "1000, 1000, 100,    0, true",
        "1000, 1080, 100,    0, true",
        "3,       1,   0,    2, false",
        "3,       2,  50,    1, false",
        "0,       0, 100,    0, true",
        "99999999999999, 79999999999999, 50, 20000000000000, false",
    })
    void a_level_is_reached_with_the_very_minor_unit(long budget, long spent, int reached, long left, boolean stops) {
        BudgetStanding standing = standing(budget, spent, true);

        assertThat(standing.reached()).isEqualTo(reached);
        assertThat(standing.left()).isEqualTo(left);
        assertThat(standing.stops(FROM)).isEqualTo(stops);
    }

    @Test
    void one_that_does_not_stop_hard_never_stops() {
        assertThat(standing(80, 800, false).stops(FROM)).isFalse();
    }

    @Test
    void the_amount_of_one_month_does_not_stop_the_next_one() {
        assertThat(standing(80, 80, true).stops(TO.minusNanos(1))).isTrue();
        assertThat(standing(80, 80, true).stops(TO)).isFalse();
    }

    @Test
    void the_seconds_until_the_next_month_are_at_least_one() {
        assertThat(standing(80, 0, true).secondsLeft(FROM))
                .isEqualTo(Duration.ofDays(30).toSeconds());
        assertThat(standing(80, 0, true).secondsLeft(TO.minusMillis(1))).isEqualTo(1);
        assertThat(standing(80, 0, true).secondsLeft(TO.minusMillis(1_001))).isEqualTo(2);
        assertThat(standing(80, 0, true).secondsLeft(TO.plusSeconds(3))).isEqualTo(1);
        assertThat(standing(80, 0, true).secondsOfMonth())
                .isEqualTo(Duration.ofDays(30).toSeconds());
    }

    private static BudgetStanding standing(long budget, long spent, boolean hardStop) {
        return new BudgetStanding(new Money(budget, "CNY"), spent, hardStop, FROM, TO);
    }
}
