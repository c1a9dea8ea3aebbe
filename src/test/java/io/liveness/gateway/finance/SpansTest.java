package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.finance.Spans.Span;
import io.liveness.gateway.finance.SumCharges.Grouping;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {

    @ParameterizedTest(name = "{0} {1}")
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
        Duration around = Duration.ofDays(3);

        List<Span> days = Spans.of(Grouping.DAY, ZoneId.of(zone), begin.minus(around), begin.plus(around));

        Span span =
                days.stream().filter(one -> one.key().equals(day)).findFirst().orElseThrow();
        assertThat(span.from()).isEqualTo(begin);
        assertThat(Duration.between(span.from(), span.to())).isEqualTo(duration(hours));
    }

    @Test
    void a_day_that_a_zone_skipped_has_no_span() {
        // 2011-12-30 did not take place on Samoa.
        List<Span> days = Spans.of(
                Grouping.DAY,
                ZoneId.of("Pacific/Apia"),
                Instant.parse("2011-12-29T12:00:00Z"),
                Instant.parse("2011-12-31T12:00:00Z"));

        assertThat(days).extracting(Span::key).containsExactly("2011-12-29", "2011-12-31", "2012-01-01");
    }

    @Test
    void days_and_months_are_cut_at_the_ends_of_the_time_that_is_asked_for() {
        Instant from = Instant.parse("2026-10-31T15:59:59Z");
        Instant to = Instant.parse("2026-11-30T16:00:00.000001Z");
        ZoneId zone = ZoneId.of("Asia/Shanghai");

        assertThat(Spans.of(Grouping.MONTH, zone, from, to))
                .containsExactly(
                        new Span("2026-10", from, Instant.parse("2026-10-31T16:00:00Z")),
                        new Span(
                                "2026-11",
                                Instant.parse("2026-10-31T16:00:00Z"),
                                Instant.parse("2026-11-30T16:00:00Z")),
                        new Span("2026-12", Instant.parse("2026-11-30T16:00:00Z"), to));
        assertThat(Spans.of(Grouping.DAY, zone, from, to)).hasSize(32);
    }

    @Test
    void spans_have_neither_gap_nor_overlap() {
        Instant from = Instant.parse("2024-01-15T10:00:00Z");
        Instant to = from.plus(Duration.ofDays(366));

        for (String zone : List.of("America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut", "+05:45")) {
            for (Grouping grouping : List.of(Grouping.DAY, Grouping.MONTH)) {
                List<Span> spans = Spans.of(grouping, ZoneId.of(zone), from, to);

                assertThat(spans.get(0).from()).isEqualTo(from);
                assertThat(spans.get(spans.size() - 1).to()).isEqualTo(to);
                assertThat(spans.stream().skip(1).map(Span::from).toList())
                        .isEqualTo(spans.stream()
                                .limit(spans.size() - 1L)
                                .map(Span::to)
                                .toList());
                assertThat(spans.stream().map(Span::key).collect(Collectors.toSet()))
                        .hasSameSizeAs(spans);
            }
        }
    }

    private static Duration duration(String hours) {
        String[] parts = hours.split(":");
        return Duration.ofHours(Long.parseLong(parts[0])).plusMinutes(Long.parseLong(parts[1]));
    }
}
