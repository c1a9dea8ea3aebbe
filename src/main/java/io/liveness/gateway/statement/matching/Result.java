package io.liveness.gateway.statement.matching;

import io.liveness.gateway.statement.reading.StatementReader.Line;
import java.util.Optional;

/**
 * What was found of a line, of a fee without a line, or of both.
 *
 * @param presumption what the bill says of a fee that was presumed
 * @param detail for people
 */
public record Result(
        MatchKind kind,
        Optional<Line> line,
        Optional<Fee> fee,
        Optional<Presumption> presumption,
        Optional<String> detail) {

    enum Presumption {
        CONFIRMED,
        CONTRADICTED
    }

    /**
     * A total that is not the sum of the lines.
     *
     * @param counted the sum of the lines in the units of {@link io.liveness.gateway.ledger.Money}; empty when the number of lines differs
     */
    record Total(String what, Optional<Long> counted, Optional<Long> stated) {}
}
