package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.LedgerBasis;
import java.time.Instant;
import java.util.UUID;

/** The fee of a session as finance and its caller see it; what is not known is left out. */
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

    static ChargeView of(ChargeRow row) {
        return new ChargeView(
                row.session(),
                row.caller(),
                row.taskNo().orElse(null),
                row.status(),
                row.basis().orElse(null),
                AmountView.of(row.amount()),
                row.opened(),
                row.ended().orElse(null),
                row.reference().orElse(null),
                row.costCentre().orElse(null));
    }

    /** Without the caller's reference. */
    @Override
    public String toString() {
        return "Charge[" + sessionId + " " + status + "]";
    }
}
