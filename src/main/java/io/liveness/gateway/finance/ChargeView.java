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
                "The fee of one session. It has no personal data; of the caller's data it has the reference and the"
                        + " cost centre only.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChargeView(
        @Schema(required = true, description = "The session.")
        UUID sessionId,

        @Schema(required = true, description = "The caller that opened the session.")
        String caller,

        @Schema(
                description =
                        "The vendor's task number of init. The vendor's bill is matched by it. Absent when init's answer was lost.")
        String taskNo,

        @Schema(required = true) FeeStatus status,

        @Schema(
                description =
                        "How the status is known. Absent while the ledger lacks the movement; the comparison of the books"
                                + " reports this.")
        LedgerBasis basis,

        @Schema(required = true) AmountView amount,

        @Schema(required = true, description = "When the fee was pre-deducted: the time init was sent.")
        Instant openedAt,

        @Schema(description = "When the fee was charged or refunded; absent while it is open.")
        Instant settledAt,

        @Schema(description = "The caller's reference.", maxLength = 64)
        String reference,

        @Schema(description = "The cost centre that the fee is charged to.", maxLength = 32)
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
