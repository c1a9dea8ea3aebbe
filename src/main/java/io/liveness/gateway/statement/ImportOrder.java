package io.liveness.gateway.statement;

import io.liveness.gateway.ledger.Money;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.NamedMapping;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An order to import a statement.
 *
 * @param from the begin of its period; without it and {@code to}, the first line
 * @param invoice the total of the invoice that comes with it
 * @param supersedes the statement that it corrects
 * @param by the actor that imports it
 */
public record ImportOrder(
        NamedMapping mapping,
        boolean dryRun,
        Optional<String> fileName,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Money> invoice,
        Optional<UUID> supersedes,
        String by) {

    /**
     * Compares this order with an earlier import of its file.
     *
     * @throws ProblemException when the order gives a parameter that the import had otherwise: it would have no effect
     */
    public void requireAsIn(StatementView imported) {
        require("from", from, imported.statedFrom());
        require("to", to, imported.statedTo());
        require("invoiceTotal", invoice.map(Money::units), imported.invoice());
        require("supersedes", supersedes, Optional.ofNullable(imported.supersedes()));
    }

    private static <T> void require(String parameter, Optional<T> wanted, Optional<T> imported) {
        if (wanted.isPresent() && !wanted.equals(imported)) {
            throw ProblemException.invalid(
                    parameter,
                    "differs from the earlier import of this file: withdraw the statement that counts, then import the file again");
        }
    }
}
