package io.liveness.gateway.finance.summary;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The filter and the grouping of a summary.
 *
 * @param caller the owner; empty for all callers
 * @param zone the time zone of days and months
 * @param from of the pre-deduction, inclusive
 * @param to exclusive
 */
record SummaryFilter(Grouping grouping, Optional<String> caller, ZoneId zone, Instant from, Instant to) {}
