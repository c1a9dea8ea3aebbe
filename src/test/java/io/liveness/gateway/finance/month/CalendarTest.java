package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.books.Month;
import io.liveness.gateway.finance.month.Checklist.Finding;
import io.liveness.gateway.finance.month.Period.PeriodStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CalendarTest {

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final YearMonth AUGUST = YearMonth.of(2026, 8);
    private static final Instant FIRST = Instant.parse("2026-08-31T15:59:59Z");
    private static final Instant NOW = Instant.parse("2026-10-31T16:00:00Z");

    private final TreeMap<YearMonth, Period> stored = new TreeMap<>();

    @Test
    void months_are_those_from_the_first_row_to_the_present_one() {
        assertThat(calendar(Optional.of(FIRST), NOW).all())
                .extracting(period -> period.month().name().toString())
                .containsExactly("2026-11", "2026-10", "2026-09", "2026-08");
        assertThat(calendar(Optional.of(FIRST), NOW).of(YearMonth.of(2026, 7))).isEmpty();
        assertThat(calendar(Optional.of(FIRST), NOW).of(YearMonth.of(2026, 12))).isEmpty();
    }

    @Test
    void empty_books_have_the_present_month() {
        assertThat(calendar(Optional.empty(), NOW.minusNanos(1)).all())
                .containsExactly(Period.open(Month.of(YearMonth.of(2026, 10), SHANGHAI)));
    }

    @Test
    void a_closed_month_stays_in_the_books_when_its_rows_are_gone() {
        close(AUGUST);

        assertThat(calendar(Optional.of(NOW), NOW).all()).hasSize(4);
        assertThat(calendar(Optional.empty(), NOW).all()).hasSize(4);
    }

    @Test
    void a_month_begins_where_the_one_before_it_was_closed_also_when_months_begin_elsewhere_since() {
        close(AUGUST);
        Calendar moved = new Calendar(stored, Optional.of(FIRST), NOW, BERLIN);

        Month september = moved.of(YearMonth.of(2026, 9)).orElseThrow().month();

        assertThat(september.from()).isEqualTo(Month.of(AUGUST, SHANGHAI).to());
        assertThat(september.to()).isEqualTo(Instant.parse("2026-09-30T22:00:00Z"));
    }

    @Test
    void a_month_can_be_closed_an_hour_after_its_end_and_closed_softly_at_once() {
        Instant end = Month.of(AUGUST, SHANGHAI).to();

        assertThat(findings(end.plus(Checklist.MARGIN).minusNanos(1))).containsExactly("month-not-over");
        assertThat(findings(end.plus(Checklist.MARGIN))).isEmpty();
        assertThat(Checklist.MARGIN).isEqualTo(Duration.ofHours(1));
        assertThat(soft(AUGUST, end.minusNanos(1))).containsExactly("month-not-over");
        assertThat(soft(AUGUST, end)).isEmpty();
    }

    @Test
    void a_soft_close_needs_the_month_before_to_be_closed_at_least_softly() {
        assertThat(soft(AUGUST.plusMonths(1), NOW)).containsExactly("earlier-month-open");
        stored.put(AUGUST, period(AUGUST, NOW, null));
        assertThat(soft(AUGUST.plusMonths(1), NOW)).isEmpty();
        close(AUGUST);
        assertThat(soft(AUGUST.plusMonths(1), NOW)).isEmpty();
    }

    private List<String> findings(Instant now) {
        Calendar calendar = calendar(Optional.of(FIRST), now);
        return codes(Checklist.ofCalendar(calendar.of(AUGUST).orElseThrow(), calendar, PeriodStatus.CLOSED));
    }

    private List<String> soft(YearMonth month, Instant now) {
        Calendar calendar = calendar(Optional.of(FIRST), now);
        return codes(Checklist.ofCalendar(calendar.of(month).orElseThrow(), calendar, PeriodStatus.SOFT_CLOSED));
    }

    private static List<String> codes(List<Finding> findings) {
        return findings.stream().map(Finding::code).toList();
    }

    private Calendar calendar(Optional<Instant> first, Instant now) {
        return new Calendar(stored, first, now, SHANGHAI);
    }

    private void close(YearMonth month) {
        stored.put(month, period(month, null, NOW));
    }

    private static Period period(YearMonth month, Instant softClosedAt, Instant closedAt) {
        Month of = Month.of(month, SHANGHAI);
        return new Period(of, softClosedAt, null, closedAt, null, null, null, null, null, null, null, null, null, null);
    }
}
