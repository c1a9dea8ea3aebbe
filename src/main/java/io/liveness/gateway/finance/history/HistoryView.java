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
        description =
                "The movements of a session's fee, and what happened to the session, each oldest first. Nothing of the person, and"
                        + " no token or address.")
record HistoryView(
        @Schema(
                required = true,
                description =
                        "The movements of the fee: its pre-deduction, its charge or refund, and what was corrected; of many corrections the last 500.")
        List<LedgerEntryView> ledger,

        @Schema(required = true, description = "What happened to the session; the last 500 of it.")
        List<FeeEventView> events) {

    /** What a movement does to a fee. */
    @Schema(
            description = "PRE_DEDUCT: the fee was taken. CHARGE: it was made final. REFUND: it came back."
                    + " ADJUSTMENT: it was corrected, by an amount that may be negative.")
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

            @Schema(description = "Init's number at the vendor; absent when its answer was lost.")
            String taskNo,

            @Schema(required = true, description = "When it was recorded.")
            Instant recordedAt,

            @Schema(description = "Of an adjustment: the closed month that it corrects.", example = "2026-10")
            String ofMonth,

            @Schema(
                    description =
                            "Of an adjustment by a statement, for finance alone: why it was accepted, or taken back.")
            String reason,

            @Schema(
                    description =
                            "Of an adjustment by a statement, for finance alone: who accepted it, or took it back.")
            String by) {}

    /** An event of a session, as far as it is about its fee. */
    @Schema(name = "ChargeEvent", description = "Something that happened to a session.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FeeEventView(
            @Schema(required = true, description = "What happened, one of the types of SessionEvent.", maxLength = 32)
            String type,

            @Schema(required = true, description = "When it happened.")
            Instant at,

            @Schema(description = "The vendor's code, when there was an answer.")
            Integer code,

            @Schema(description = "The vendor's number of the call that the event is about.")
            String taskNo,

            @Schema(description = "The status that the session got.")
            String status,

            @Schema(description = "Where the fee stands since.")
            String charge,

            @Schema(
                    description =
                            "Whether the vendor's flag says that the fee was billed, when its billing rule says otherwise.")
            Boolean billed) {}
}
