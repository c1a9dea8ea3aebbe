package io.liveness.gateway.finance.budget;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;

/**
 * A month where prices begin ({@code liveness.billing.time-zone}): what a budget is for.
 *
 * @param to when the next one begins
 */
record Month(YearMonth name, Instant from, Instant to) {

    static Month at(Instant moment, ZoneId zone) {
        YearMonth name = YearMonth.from(moment.atZone(zone));
        return new Month(
                name,
                name.atDay(1).atStartOfDay(zone).toInstant(),
                name.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant());
    }
}
