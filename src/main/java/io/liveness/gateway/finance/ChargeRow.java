package io.liveness.gateway.finance;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A session with a fee, as it is stored.
 *
 * @param basis empty while the ledger lacks the movement
 * @param opened when the fee was pre-deducted: when init was sent
 * @param ended when it was charged or came back
 */
record ChargeRow(
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

    static ChargeRow of(ResultSet row) throws SQLException {
        return new ChargeRow(
                row.getObject("id", UUID.class),
                row.getString("caller"),
                Optional.ofNullable(row.getString("task_no")),
                FeeStatus.valueOf(row.getString("charge_status")),
                Optional.ofNullable(row.getString("basis")).map(LedgerBasis::valueOf),
                new Money(row.getLong("fee"), row.getString("fee_currency")),
                Sql.time(row, "init_at"),
                Optional.ofNullable(Sql.time(row, "charge_settled_at")),
                Optional.ofNullable(row.getString("reference")),
                Optional.ofNullable(row.getString("cost_centre")));
    }
}
