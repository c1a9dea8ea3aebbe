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
        description = "One liveness check of a caller. Values that are unknown or no longer useful are left out.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionView(
        @Schema(required = true, description = "UUIDv7, made by the gateway; its order is the order of creation.")
        UUID id,

        @Schema(required = true) SessionStatus status,

        @Schema(description = "The caller that opened it; only for the role operator.")
        String caller,

        @Schema(description = "The caller's reference.", maxLength = OpenSessionRequest.MAX_REFERENCE)
        String reference,

        @Schema(description = "The caller's data about the session; for the owner and the role operator-data.")
        Map<String, String> metadata,

        @Schema(description = "The cost centre that the fee is charged to.", maxLength = 32)
        String costCentre,

        @Schema(description = "The vendor's token, valid for two hours; only for the owner while a verdict is awaited.")
        String token,

        @Schema(
                description =
                        "The vendor's page that the person's browser opens; only for the owner while a verdict is awaited.")
        String checkUrl,

        @Schema(
                description =
                        "When the token expires: two hours after init was sent. A verdict that is not fetched by then is lost"
                                + " (vendor document, code 301). The gateway fetches it in time.")
        Instant tokenExpiresAt,

        @Schema(
                required = true,
                description =
                        "Where the vendor's page sends the person at the end, as the caller gave it; empty when the session is"
                                + " thinned or erased, and for an operator without the role operator-data.")
        String returnUrl,

        @Schema(required = true) ActionStyle actionStyle,

        @Schema(required = true, description = "The sequence of actions; empty unless actionStyle is CUSTOM.")
        List<Action> actions,

        @Schema(required = true, description = "Whether the vendor stops at once when the person makes a wrong action.")
        boolean actionMutex,

        @Schema(required = true, description = "Whether the vendor flashes the screen to detect a hijacked camera.")
        boolean antiCameraHack,

        @Schema(description = "Heading of the vendor's page.", maxLength = 32)
        String title,

        VerdictView verdict,
        @Schema(required = true) ChargeView charge,

        @Schema(required = true, description = "When the session was created.")
        Instant createdAt,

        @Schema(required = true, description = "When its status or charge last changed.")
        Instant updatedAt,

        @Schema(
                description =
                        "When the session was thinned: reference, metadata, returnUrl, title, the message of the verdict and the"
                                + " idempotency key were erased.")
        Instant thinnedAt,

        @Schema(
                description =
                        "When the session was erased by its reference: reference, metadata, returnUrl, title, the message of the"
                                + " verdict and the address of the face image are gone. The idempotency key goes a day later.")
        Instant erasedAt) {

    /** Without token, address and what the caller keeps with it. */
    @Override
    public String toString() {
        return "Session[" + id + " " + status + "]";
    }

    /** What the vendor finally said. */
    @Schema(name = "Verdict", description = "The vendor's verdict.")
    record VerdictView(
            @Schema(
                    required = true,
                    description =
                            "The vendor's code: 200 passed, 202 not passed, 203 the check could not be made, 301 the token expired.")
            int code,

            @Schema(
                    required = true,
                    description = "The vendor's message, in Chinese; empty when the session is thinned or erased.")
            String message,

            @Schema(required = true, description = "When the gateway received the verdict.")
            Instant receivedAt) {}

    /** Where the fee stands. */
    @Schema(name = "SessionCharge", description = "The fee of the session (vendor document, 计费说明).")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(
            @Schema(required = true) ChargeStatus status,
            AmountView amount,

            @Schema(description = "The vendor's task number of init. The vendor's bill is matched by it.")
            String taskNo,

            @Schema(description = "When the fee became final or was refunded.")
            Instant settledAt) {}
}
