package io.liveness.gateway.books;

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
        "1000,    0,   0, 1000",
        "1000,  499,   0,  501",
        "1000,  500,  50,  500",
        "1000,  799,  50,  201",
        "1000,  800,  80,  200",
        "1000,  999,  80,    1",
        "1000, 1000, 100,    0",
        "1000, 1080, 100,    0",
        "3,       1,   0,    2",
        "3,       2,  50,    1",
        "0,       0, 100,    0",
        "999999999999999999, 799999999999999999, 50, 200000000000000000",
    })
    void a_level_is_reached_with_the_very_last_unit(long budget, long spent, int reached, long left) {
        BudgetStanding standing = standing(budget, spent, true);

        assertThat(standing.reached()).isEqualTo(reached);
        assertThat(standing.left()).isEqualTo(new Money(left, "CNY"));
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
