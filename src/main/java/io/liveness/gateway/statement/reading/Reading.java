package io.liveness.gateway.statement.reading;

import java.time.Instant;
import java.util.Optional;

/**
 * The totals of what was read of a statement.
 *
 * @param lines read or not readable
 * @param sum of the lines that could be read, in the units of {@link io.liveness.gateway.ledger.Money}
 * @param charged of the lines that are charges
 * @param first time of a line; empty when none could be read
 * @param stated the totals that the file states
 */
public record Reading(
        int lines, long sum, long charged, Optional<Instant> first, Optional<Instant> last, Optional<Totals> stated) {

    /** Totals in a row of the file; either may be missing. */
    public record Totals(int line, Optional<Integer> lines, Optional<Long> sum) {}
}
