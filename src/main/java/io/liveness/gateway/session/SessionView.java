package io.liveness.gateway.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A session as its caller sees it; what is not known, or no longer of use, is left out. */
@Schema(name = "Session")
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionView(
        @Schema(required = true, description = "UUIDv7") UUID id,
        @Schema(required = true) SessionStatus status,
        String reference,
        Map<String, String> metadata,

        @Schema(description = "The vendor's token; only while a verdict is awaited.")
        String token,

        @Schema(description = "Where the person's browser goes; only while a verdict is awaited.")
        String checkUrl,

        @Schema(description = "The verdict is lost when the vendor is not asked before.")
        Instant tokenExpiresAt,

        @Schema(required = true) String returnUrl,
        @Schema(required = true) ActionStyle actionStyle,
        @Schema(required = true) List<Action> actions,
        @Schema(required = true) boolean actionMutex,
        @Schema(required = true) boolean antiCameraHack,
        String title,
        VerdictView verdict,
        @Schema(required = true) ChargeView charge,
        @Schema(required = true) Instant createdAt,
        @Schema(required = true) Instant updatedAt) {

    /** Without token, address and what the caller keeps with it. */
    @Override
    public String toString() {
        return "Session[" + id + " " + status + "]";
    }

    /** What the vendor finally said. */
    @Schema(name = "Verdict")
    record VerdictView(
            @Schema(required = true, description = "200, 202, 203 or 301")
            int code,

            @Schema(required = true) String message,
            @Schema(required = true) Instant receivedAt) {}

    /** Where the fee stands. */
    @Schema(name = "SessionCharge")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(
            @Schema(required = true) ChargeStatus status,
            AmountView amount,

            @Schema(description = "Init's number at the vendor, the one that finance quotes.")
            String taskNo,

            Instant settledAt) {}

    /** An amount of money as a decimal string. */
    @Schema(name = "Amount")
    record AmountView(
            @Schema(required = true, examples = "0.80") String value,

            @Schema(required = true, description = "ISO 4217")
            String currency) {

        static AmountView of(Money money) {
            return new AmountView(money.decimal(), money.currency());
        }
    }
}
