package io.liveness.gateway.finance.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.LedgerBasis;
import java.time.Instant;
import java.util.List;

/** The history of a fee in the API. */
record HistoryView(List<LedgerEntryView> ledger, List<FeeEventView> events) {

    /** What a movement does to a fee. */
    enum Movement {
        PRE_DEDUCT,
        CHARGE,
        REFUND,
        ADJUSTMENT
    }

    /** A row of the ledger. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LedgerEntryView(
            Movement kind,
            LedgerBasis basis,
            AmountView amount,
            String taskNo,
            Instant recordedAt,
            String ofMonth,
            String reason,
            String by) {}

    /** An event of a session, as far as it is about its fee. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FeeEventView(
            String type, Instant at, Integer code, String taskNo, String status, String charge, Boolean billed) {}
}
