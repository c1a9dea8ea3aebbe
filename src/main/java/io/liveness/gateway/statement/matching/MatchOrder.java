package io.liveness.gateway.statement.matching;

import io.liveness.gateway.statement.reading.Reading;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A statement whose lines are stored and are to be matched.
 *
 * @param from when its period begins; with its first line when empty
 * @param to when it ends, itself excluded; with its last line when empty
 * @param invoice the total of the invoice, in the units of {@link io.liveness.gateway.billing.Money}
 */
public record MatchOrder(
        UUID statement,
        String currency,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Long> invoice,
        Reading reading) {

    /** Empty when neither the order nor a line has it. */
    Optional<Instant> begin() {
        return from.or(reading::first);
    }

    /** The last line included: its time is one of whole seconds. */
    Optional<Instant> end() {
        return to.or(() -> reading.last().map(last -> last.plusSeconds(1)));
    }
}
