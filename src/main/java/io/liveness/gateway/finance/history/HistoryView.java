package io.liveness.gateway.finance.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.LedgerBasis;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The history of a fee in the API. */
@Schema(
        name = "ChargeHistory",
        description = "The movements of a session's fee and the events of the session, each oldest first. They have no"
                + " personal data, token or address.")
record HistoryView(
        @Schema(
                required = true,
                description =
                        "The movements of the fee: pre-deduction, charge or refund, and at most the last 500 corrections.")
        List<LedgerEntryView> ledger,

        @Schema(required = true, description = "The last 500 events of the session, without views of the face image.")
        List<FeeEventView> events) {

    /** What a movement does to a fee. */
    @Schema(
            description = "PRE_DEDUCT: the fee was taken. CHARGE: the fee became final. REFUND: the fee was returned."
                    + " ADJUSTMENT: the fee was corrected by an amount that may be negative.")
    enum Movement {
        PRE_DEDUCT,
        CHARGE,
        REFUND,
        ADJUSTMENT
    }

    /** A row of the ledger. */
    @Schema(name = "LedgerEntry", description = "A movement of a fee.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LedgerEntryView(
            @Schema(required = true) Movement kind,

            @Schema(required = true) LedgerBasis basis,

            @Schema(required = true) AmountView amount,

            @Schema(description = "The vendor's task number of init; absent when init's answer was lost.")
            String taskNo,

            @Schema(required = true, description = "When it was recorded.")
            Instant recordedAt,

            @Schema(description = "ADJUSTMENT: the closed month that it corrects.", example = "2026-10")
            String ofMonth,

            @Schema(
                    description =
                            "ADJUSTMENT by a statement, for finance only: the reason for the acceptance or the revocation.")
            String reason,

            @Schema(
                    description =
                            "ADJUSTMENT by a statement, for finance only: the caller that accepted it or revoked the acceptance.")
            String by) {}

    /** An event of a session, as far as it is about its fee. */
    @Schema(name = "ChargeEvent", description = "An event of a session.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FeeEventView(
            @Schema(required = true, description = "One of the types of SessionEvent or DataEvent.", maxLength = 32)
            String type,

            @Schema(required = true, description = "When it happened.")
            Instant at,

            @Schema(description = "The vendor's code, when there was an answer.")
            Integer code,

            @Schema(description = "The vendor's task number of the call.")
            String taskNo,

            @Schema(description = "The new status of the session.")
            String status,

            @Schema(description = "The new state of the fee.")
            String charge,

            @Schema(
                    description =
                            "Whether the vendor's flag says that the fee was billed; present only when this contradicts the billing rule.")
            Boolean billed) {}
}
