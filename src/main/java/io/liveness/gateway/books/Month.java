package io.liveness.gateway.books;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;

/**
 * A month where prices begin ({@code liveness.billing.time-zone}): the unit of budgets and of closing.
 *
 * @param to when the next one begins
 */
public record Month(@JsonProperty("month") YearMonth name, Instant from, Instant to) {

    public static Month at(Instant moment, ZoneId zone) {
        return of(YearMonth.from(moment.atZone(zone)), zone);
    }

    public static Month of(YearMonth name, ZoneId zone) {
        return new Month(name, beginning(name, zone), beginning(name.plusMonths(1), zone));
    }

    private static Instant beginning(YearMonth name, ZoneId zone) {
        return name.atDay(1).atStartOfDay(zone).toInstant();
    }
}
