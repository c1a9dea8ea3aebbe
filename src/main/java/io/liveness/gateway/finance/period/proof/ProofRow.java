package io.liveness.gateway.finance.period.proof;

import io.liveness.gateway.billing.Money;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * An entry of the ledger, and the fee that it is of.
 *
 * @param opened when the fee was pre-deducted; empty for an adjustment whose session is not there
 * @param session empty for an adjustment by a line of a statement that is of no session
 * @param month that an adjustment corrects, when it was closed before
 */
public record ProofRow(
        Optional<Instant> opened,
        Optional<UUID> session,
        Optional<String> caller,
        Optional<String> costCentre,
        long entry,
        Kind kind,
        Optional<String> taskNo,
        String basis,
        Money amount,
        Instant recorded,
        Optional<String> month) {

    /** The kinds of entries. */
    public enum Kind {
        PRE_DEDUCT,
        CHARGE,
        REFUND,
        ADJUSTMENT
    }

    /** Of {@link ProofSql}: the fee's columns. */
    static final int OPENED = 0;

    static final int SESSION = 1;
    private static final int ENTRY = 4;

    /** By position; empty for a fee that lacks its entries. */
    static Optional<ProofRow> of(Row row) {
        if (row.getLong(ENTRY) == null) {
            return Optional.empty();
        }
        int at = 0;
        return Optional.of(new ProofRow(
                Optional.ofNullable(row.getOffsetDateTime(at++)).map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getUUID(at++)),
                Optional.ofNullable(row.getString(at++)),
                Optional.ofNullable(row.getString(at++)),
                row.getLong(at++),
                Kind.valueOf(row.getString(at++)),
                Optional.ofNullable(row.getString(at++)),
                row.getString(at++),
                new Money(row.getLong(at++), row.getString(at++)),
                row.getOffsetDateTime(at++).toInstant(),
                Optional.ofNullable(row.getString(at))));
    }
}
