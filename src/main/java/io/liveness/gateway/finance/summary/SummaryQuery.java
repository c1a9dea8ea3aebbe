package io.liveness.gateway.finance.summary;

import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/** The query of a summary, as it was written. */
class SummaryQuery {

    static final String DEFAULT_ZONE = "Asia/Shanghai";

    private static final int MAX_CALLER = 256;
    /** A leap year. */
    private static final Duration LONGEST = Duration.ofDays(366);

    @QueryParam("groupBy")
    String groupBy;

    @QueryParam("from")
    String from;

    @QueryParam("to")
    String to;

    @QueryParam("timeZone")
    String timeZone;

    @QueryParam("caller")
    String caller;

    SumCharges.Filter filter(ChargeViewer viewer, Instant now) {
        Grouping grouping =
                Optional.ofNullable(groupBy).map(SummaryQuery::grouping).orElse(Grouping.DAY);
        ZoneId zone = Parameters.zone("timeZone", Optional.ofNullable(timeZone).orElse(DEFAULT_ZONE));
        Instant end = Optional.ofNullable(to)
                .map(given -> Parameters.time("to", given))
                .orElse(now);
        Instant begin = Optional.ofNullable(from)
                .map(given -> Parameters.time("from", given))
                .orElseGet(() -> monthOf(end, zone));
        if (!begin.isBefore(end)) {
            throw ProblemException.invalid("from", "must be before " + (to == null ? "now" : "to"));
        }
        if (Duration.between(begin, end).compareTo(LONGEST) > 0) {
            throw ProblemException.invalid("from", "must be at most 366 days before " + (to == null ? "now" : "to"));
        }
        return new SumCharges.Filter(grouping, whose(caller, viewer), zone, begin, end);
    }

    /** @param caller as it was sent */
    static Optional<String> whose(String caller, ChargeViewer viewer) {
        return viewer.whose(Optional.ofNullable(caller).map(given -> Parameters.text("caller", given, 1, MAX_CALLER)));
    }

    private static Grouping grouping(String given) {
        return Grouping.of(given)
                .orElseThrow(() -> ProblemException.invalid(
                        "groupBy", "must be one of day, month, caller, costCentre and status"));
    }

    /** When the month began that the moment before the given one is of. */
    private static Instant monthOf(Instant end, ZoneId zone) {
        LocalDate last = LocalDate.ofInstant(end.minusNanos(1), zone);
        return last.withDayOfMonth(1).atStartOfDay(zone).toInstant();
    }
}
