package io.liveness.gateway.statement.reading;

import io.liveness.gateway.statement.mapping.StatedStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * A line of a statement.
 *
 * @param number of the file, from 1
 * @param amount in the units of {@link io.liveness.gateway.ledger.Money}
 * @param problem why the line cannot be read, with the column; the readable fields are set
 */
public record Line(
        int number,
        Optional<String> taskNo,
        Optional<Instant> at,
        Optional<StatedStatus> status,
        Optional<Long> amount,
        Optional<String> problem) {}
