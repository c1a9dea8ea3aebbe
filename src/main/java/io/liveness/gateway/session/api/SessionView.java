package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.session.ChargeStatus;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A session as its caller sees it; what is not known, or no longer of use, is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionView(
        UUID id,
        SessionStatus status,
        String caller,
        String reference,
        Map<String, String> metadata,
        String costCentre,
        String token,
        String checkUrl,
        Instant tokenExpiresAt,
        String returnUrl,
        ActionStyle actionStyle,
        List<Action> actions,
        boolean actionMutex,
        boolean antiCameraHack,
        String title,
        VerdictView verdict,
        ChargeView charge,
        Instant createdAt,
        Instant updatedAt,
        Instant thinnedAt,
        Instant erasedAt) {

    /** Without token, address and what the caller keeps with it. */
    @Override
    public String toString() {
        return "Session[" + id + " " + status + "]";
    }

    /** What the vendor finally said. */
    record VerdictView(int code, String message, Instant receivedAt) {}

    /** Where the fee stands. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(ChargeStatus status, AmountView amount, String taskNo, Instant settledAt) {}
}
