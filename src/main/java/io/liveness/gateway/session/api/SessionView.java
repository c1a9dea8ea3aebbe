package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.session.ChargeStatus;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.request.OpenSessionRequest;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A session as its caller sees it; what is not known, or no longer of use, is left out. */
@Schema(
        name = "Session",
        description = "One liveness check asked for by a caller. What is not known, or no longer of use, is left out.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionView(
        @Schema(required = true, description = "UUIDv7, made by the gateway; its order is the order of creation.")
        UUID id,

        @Schema(required = true) SessionStatus status,

        @Schema(description = "Whose session it is; only for the role operator.")
        String caller,

        @Schema(description = "The caller's own reference.", maxLength = OpenSessionRequest.MAX_REFERENCE)
        String reference,

        @Schema(description = "What the caller keeps with the session.")
        Map<String, String> metadata,

        @Schema(description = "What the fee is charged back to.", maxLength = 32)
        String costCentre,

        @Schema(description = "The vendor's token, valid for two hours; only for the owner while a verdict is awaited.")
        String token,

        @Schema(
                description =
                        "The vendor's page, where the person's browser is sent; only for the owner while a verdict is"
                                + " awaited.")
        String checkUrl,

        @Schema(
                description =
                        "The end of the token's two hours, counted from the moment init was sent: a verdict that nobody asked"
                                + " for until then is lost (vendor document, code 301). The gateway asks in time.")
        Instant tokenExpiresAt,

        @Schema(required = true, description = "Where the vendor's page goes at the end, as the caller gave it.")
        String returnUrl,

        @Schema(required = true) ActionStyle actionStyle,

        @Schema(required = true, description = "The sequence of actions; empty unless actionStyle is CUSTOM.")
        List<Action> actions,

        @Schema(
                required = true,
                description = "Whether the vendor stops at once when another action than the one asked for is made.")
        boolean actionMutex,

        @Schema(required = true, description = "Whether a hijacked camera is looked for by flashing the screen.")
        boolean antiCameraHack,

        @Schema(description = "Heading of the vendor's page.", maxLength = 32)
        String title,

        VerdictView verdict,
        @Schema(required = true) ChargeView charge,

        @Schema(required = true, description = "When the caller asked for it.")
        Instant createdAt,

        @Schema(required = true, description = "When its status or charge last changed.")
        Instant updatedAt) {

    /** Without token, address and what the caller keeps with it. */
    @Override
    public String toString() {
        return "Session[" + id + " " + status + "]";
    }

    /** What the vendor finally said. */
    @Schema(name = "Verdict", description = "What the vendor finally said of the session.")
    record VerdictView(
            @Schema(
                    required = true,
                    description =
                            "The vendor's code of result: 200 passed, 202 not passed, 203 the check could not be made, 301"
                                    + " the token expired.")
            int code,

            @Schema(required = true, description = "The vendor's words for it, in Chinese.")
            String message,

            @Schema(required = true, description = "When the gateway received it.")
            Instant receivedAt) {}

    /** Where the fee stands. */
    @Schema(name = "SessionCharge", description = "Where the fee of the session stands (vendor document, 计费说明).")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(
            @Schema(required = true) ChargeStatus status,
            AmountView amount,

            @Schema(
                    description =
                            "Init's number at the vendor: the key that finance quotes and the vendor's bill is matched by.")
            String taskNo,

            @Schema(description = "When the fee was made final or came back.")
            Instant settledAt) {}
}
