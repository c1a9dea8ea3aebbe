package io.liveness.gateway.platform.query;

import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.ws.rs.QueryParam;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A time that is summed, and the zone of its days, weeks and months.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record Span(ZoneId zone, Instant from, Instant to) {

    /** What it is divided into. */
    public enum Unit {
        DAY,
        /** A week begins on Monday. */
        WEEK,
        MONTH;

        private LocalDate first(LocalDate day) {
            return switch (this) {
                case DAY -> day;
                case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTH -> day.withDayOfMonth(1);
            };
        }

        private LocalDate next(LocalDate first) {
            return switch (this) {
                case DAY -> first.plusDays(1);
                case WEEK -> first.plusWeeks(1);
                case MONTH -> first.plusMonths(1);
            };
        }

        private String key(LocalDate first) {
            return this == MONTH ? first.toString().substring(0, "2026-11".length()) : first.toString();
        }
    }

    /** The query parameters of a summary that say of which time it is, as they were written. */
    public static class SpanQuery {

        /** A leap year. */
        private static final Duration LONGEST = Duration.ofDays(366);

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        @QueryParam("timeZone")
        String timeZone;

        /** The span is the month until now by default. */
        protected final Span span(Instant now) {
            ZoneId zone = Parameters.timeZone(timeZone);
            Instant end = Parameters.optional("to", to, Parameters::time).orElse(now);
            Instant begin = Parameters.optional("from", from, Parameters::time).orElseGet(() -> monthOf(end, zone));
            if (!begin.isBefore(end)) {
                throw ProblemException.invalid("from", "must be before " + (to == null ? "now" : "to"));
            }
            if (Duration.between(begin, end).compareTo(LONGEST) > 0) {
                throw ProblemException.invalid(
                        "from", "must be at most 366 days before " + (to == null ? "now" : "to"));
            }
            return new Span(zone, begin, end);
        }

        /** When the month began that the moment before the given one is of. */
        private static Instant monthOf(Instant end, ZoneId zone) {
            LocalDate last = LocalDate.ofInstant(end.minusNanos(1), zone);
            return last.withDayOfMonth(1).atStartOfDay(zone).toInstant();
        }
    }

    /**
     * Where its days, weeks or months begin, with their keys: {@code 2026-11-30}, for a week that of its Monday; {@code 2026-11}. A day begins
     * with its first moment in the zone: it has 23, 24 or 25 hours, may begin at 01:00, and one that the zone skipped is not there.
     */
    public SortedMap<Instant, String> begins(Unit unit) {
        SortedMap<Instant, String> begins = new TreeMap<>();
        LocalDate first = unit.first(LocalDate.ofInstant(from, zone));
        for (Instant begin = from;
                begin.isBefore(to);
                begin = first.atStartOfDay(zone).toInstant()) {
            begins.put(begin, unit.key(first));
            first = unit.next(first);
        }
        return begins;
    }
}
