package io.liveness.gateway.finance;

import io.liveness.gateway.finance.SumCharges.Grouping;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * A time cut at the days or months of a time zone. A day begins with its first moment there: it has 23, 24 or 25 hours, may begin at
 * 01:00, and one that a zone skipped has no span.
 */
final class Spans {

    private Spans() {}

    /**
     * A time from a moment on, itself included, to another one, itself excluded.
     *
     * @param key the day ({@code 2026-11-30}) or month ({@code 2026-11}) that it is of
     */
    record Span(String key, Instant from, Instant to) {}

    /** @param grouping days when it is by day, else months, in ascending order */
    static List<Span> of(Grouping grouping, ZoneId zone, Instant from, Instant to) {
        List<Span> spans = new ArrayList<>();
        LocalDate first = LocalDate.ofInstant(from, zone);
        LocalDate next = grouping == Grouping.DAY ? first : first.withDayOfMonth(1);
        Instant begin = from;
        while (begin.isBefore(to)) {
            String key = grouping == Grouping.DAY
                    ? next.toString()
                    : YearMonth.from(next).toString();
            next = grouping == Grouping.DAY ? next.plusDays(1) : next.plusMonths(1);
            Instant end = earlier(next.atStartOfDay(zone).toInstant(), to);
            if (begin.isBefore(end)) {
                spans.add(new Span(key, begin, end));
                begin = end;
            }
        }
        return spans;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
