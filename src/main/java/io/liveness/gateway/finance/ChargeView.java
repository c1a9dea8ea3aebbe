package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.ledger.AmountView;
import io.liveness.gateway.ledger.LedgerBasis;
import io.liveness.gateway.platform.postgres.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** The fee of a session as finance and its caller see it; what is not known is left out. */
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChargeView(
        UUID sessionId,
        String caller,
        String taskNo,
        FeeStatus status,
        LedgerBasis basis,
        AmountView amount,
        Instant openedAt,
        Instant settledAt,
        String reference,
        String costCentre) {

    /** Of a row of {@link ListCharges}. */
    static ChargeView of(ResultSet row) throws SQLException {
        String basis = row.getString("basis");
        return new ChargeView(
                row.getObject("id", UUID.class),
                row.getString("caller"),
                row.getString("task_no"),
                FeeStatus.valueOf(row.getString("charge_status")),
                basis == null ? null : LedgerBasis.valueOf(basis),
                AmountView.of(row, "fee_amount", "fee_currency"),
                Sql.time(row, "init_at"),
                Sql.time(row, "charge_settled_at"),
                row.getString("reference"),
                row.getString("cost_centre"));
    }

    /** Without the caller's reference. */
    @Override
    public String toString() {
        return "Charge[" + sessionId + " " + status + "]";
    }
}
