package io.liveness.gateway.finance;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * A session with a fee, as it is stored.
 *
 * @param basis empty while the ledger lacks the movement
 * @param opened when the fee was pre-deducted: when init was sent
 * @param ended when it was charged or came back
 */
public record ChargeRow(
        UUID session,
        String caller,
        Optional<String> taskNo,
        FeeStatus status,
        Optional<LedgerBasis> basis,
        Money amount,
        Instant opened,
        Optional<Instant> ended,
        Optional<String> reference,
        Optional<String> costCentre) {

    /** How many columns {@link #of} reads; a statement may select others behind them. */
    static final int NUMBER_OF_COLUMNS = 11;

    /** By position: {@link ChargesSql#COLUMNS}. */
    public static ChargeRow of(Row row) {
        int at = 0;
        return new ChargeRow(
                row.getUUID(at++),
                row.getString(at++),
                Optional.ofNullable(row.getString(at++)),
                FeeStatus.valueOf(row.getString(at++)),
                Optional.ofNullable(row.getString(at++)).map(LedgerBasis::valueOf),
                new Money(row.getLong(at++), row.getString(at++)),
                row.getOffsetDateTime(at++).toInstant(),
                Optional.ofNullable(row.getOffsetDateTime(at++)).map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getString(at++)),
                Optional.ofNullable(row.getString(at)));
    }
}
