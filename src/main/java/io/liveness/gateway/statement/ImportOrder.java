package io.liveness.gateway.statement;

import io.liveness.gateway.billing.Money;
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
        String by) {}
