package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.summary.Sums;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A month of the books. */
record Period(Month month, Optional<Act> softClosed, Optional<Closing> closed) {

    /** Where a month stands. */
    @Schema(
            name = "PeriodStatus",
            description =
                    "State of a month. OPEN: its figures may change. SOFT_CLOSED: finance considers it complete; changes"
                            + " are still possible. CLOSED: it never changes again.")
    enum Status {
        OPEN,
        SOFT_CLOSED,
        CLOSED
    }

    /** @param by the caller, or a person */
    record Act(Instant at, String by) {}

    /**
     * What closing stored.
     *
     * @param rows lines of the proof
     * @param sha256 of the proof, in hexadecimal digits
     * @param sums by currency
     */
    record Closing(Act act, long rows, String sha256, SortedMap<String, Sums> sums) {}

    static Period open(Month month) {
        return new Period(month, Optional.empty(), Optional.empty());
    }

    Status status() {
        if (closed.isPresent()) {
            return Status.CLOSED;
        }
        return softClosed.isPresent() ? Status.SOFT_CLOSED : Status.OPEN;
    }
}
