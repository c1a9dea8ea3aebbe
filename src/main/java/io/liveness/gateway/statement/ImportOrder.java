package io.liveness.gateway.statement;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.statement.mapping.NamedMapping;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A statement that is to be imported.
 *
 * @param from when its period begins; without it and {@code to}, with its first line
 * @param invoice the total of the invoice that comes with it
 * @param supersedes the statement that it corrects
 * @param by who imports it
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
