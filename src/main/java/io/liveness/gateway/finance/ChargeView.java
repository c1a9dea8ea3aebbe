package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.LedgerBasis;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The fee of a session as finance and its caller see it; what is not known is left out. */
@Schema(
        name = "Charge",
        description =
                "The fee of one session: nothing of the person, and nothing of what the caller keeps with the session but its"
                        + " reference and cost centre.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChargeView(
        @Schema(required = true, description = "The session.")
        UUID sessionId,

        @Schema(required = true, description = "Who opened it.")
        String caller,

        @Schema(
                description =
                        "Init's number at the vendor: the key that finance quotes and the vendor's bill is matched by. Absent when"
                                + " init's answer was lost.")
        String taskNo,

        @Schema(required = true) FeeStatus status,

        @Schema(
                description =
                        "How the status is known; absent while the ledger lacks the movement, which the books' watch reports.")
        LedgerBasis basis,

        @Schema(required = true) AmountView amount,

        @Schema(required = true, description = "When the fee was pre-deducted: the moment init was sent.")
        Instant openedAt,

        @Schema(description = "When it was charged or came back; absent while it is open.")
        Instant settledAt,

        @Schema(description = "The caller's own reference.", maxLength = 64)
        String reference,

        @Schema(description = "What the fee is charged back to.", maxLength = 32)
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
