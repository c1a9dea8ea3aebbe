package io.liveness.gateway.finance.summary;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Which fees are summed, and by what.
 *
 * @param caller whose; all callers' when empty
 * @param zone where days and months begin
 * @param from of the pre-deduction, inclusive
 * @param to exclusive
 */
record SummaryFilter(Grouping grouping, Optional<String> caller, ZoneId zone, Instant from, Instant to) {}
