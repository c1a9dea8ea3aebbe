package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.finance.SumCharges.Grouping;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Days and months of time zones. */
class DaysOfASummaryTest {

    @ParameterizedTest(name = "{1} in {0}")
    @CsvSource({
        "Asia/Shanghai,       2026-11-30, 2026-11-29T16:00:00Z, 24:00",
        "UTC,                 2026-11-30, 2026-11-30T00:00:00Z, 24:00",
        "Asia/Kathmandu,      2026-11-30, 2026-11-29T18:15:00Z, 24:00",
        "Europe/Berlin,       2026-03-29, 2026-03-28T23:00:00Z, 23:00",
        "Europe/Berlin,       2026-10-25, 2026-10-24T22:00:00Z, 25:00",
        "Australia/Lord_Howe, 2026-04-05, 2026-04-04T13:00:00Z, 24:30",
        "Australia/Lord_Howe, 2026-10-04, 2026-10-03T13:30:00Z, 23:30",
        // It begins at 01:00 there.
        "America/Havana,      2026-03-08, 2026-03-08T05:00:00Z, 23:00",
        // 00:00 to 01:00 is there twice.
        "America/Havana,      2026-11-01, 2026-11-01T04:00:00Z, 25:00",
    })
    void a_day_begins_with_its_first_moment_and_ends_where_the_next_one_begins(
            String zone, String day, Instant begin, String hours) {
        String[] length = hours.split(":");
        Instant end = begin.plus(Duration.ofHours(Long.parseLong(length[0])))
                .plus(Duration.ofMinutes(Long.parseLong(length[1])));

        SortedMap<Instant, String> days = SumCharges.begins(
                Grouping.DAY, ZoneId.of(zone), begin.minus(Duration.ofDays(3)), end.plus(Duration.ofDays(3)));

        assertThat(days).containsEntry(begin, day);
        assertThat(days.tailMap(begin.plusNanos(1)).firstKey()).isEqualTo(end);
    }

    @Test
    void a_day_that_a_zone_skipped_is_not_there() {
        // 2011-12-30 did not take place on Samoa.
        assertThat(SumCharges.begins(
                                Grouping.DAY,
                                ZoneId.of("Pacific/Apia"),
                                Instant.parse("2011-12-29T12:00:00Z"),
                                Instant.parse("2011-12-31T12:00:00Z"))
                        .values())
                .containsExactly("2011-12-29", "2011-12-31", "2012-01-01");
    }

    @Test
    void the_first_one_begins_with_the_time_that_is_asked_for() {
        Instant from = Instant.parse("2026-10-31T15:59:59Z");
        Instant to = Instant.parse("2026-11-30T16:00:00.000001Z");
        ZoneId zone = ZoneId.of("Asia/Shanghai");

        assertThat(SumCharges.begins(Grouping.MONTH, zone, from, to))
                .containsExactlyEntriesOf(new TreeMap<>(Map.of(
                        from,
                        "2026-10",
                        Instant.parse("2026-10-31T16:00:00Z"),
                        "2026-11",
                        Instant.parse("2026-11-30T16:00:00Z"),
                        "2026-12")));
        assertThat(SumCharges.begins(Grouping.DAY, zone, from, to)).hasSize(32);
    }
}
