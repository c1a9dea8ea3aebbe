package io.liveness.gateway.session.request;

import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.InitParameters;
import io.liveness.gateway.vendor.ReturnUrl;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The request to open a session. Absent fields take the vendor's defaults. */
@ActionsFitStyle
public record OpenSessionRequest(
        @NotNull(message = "is required") @ReturnAddress String returnUrl,

        ActionStyle actionStyle,

        @Size(max = 6, message = "must have at most 6 actions")
        List<@NotNull(message = "must not be null") Action> actions,

        Boolean actionMutex,

        Boolean antiCameraHack,

        @CodePoints(max = 32) String title,

        @CodePoints(max = MAX_REFERENCE) String reference,

        @Size(max = 16, message = "must have at most 16 keys")
        Map<@CodePoints(min = 1, max = 64) String, @NotNull(message = "must not be null") @CodePoints(max = 256) String>
                metadata,

        @CostCentre String costCentre) {

    public static final int MAX_REFERENCE = 64;

    /** Without the caller's own data. */
    @Override
    public String toString() {
        return "OpenSessionRequest[" + actionStyle + "]";
    }

    /** The same request with every default filled in: what two requests must share to be the same. */
    public OpenSessionRequest withDefaults() {
        return new OpenSessionRequest(
                ReturnUrl.parse(returnUrl).value(),
                Objects.requireNonNullElse(actionStyle, ActionStyle.HEAD_AND_FACE),
                Objects.requireNonNullElse(actions, List.of()),
                Objects.requireNonNullElse(actionMutex, true),
                Objects.requireNonNullElse(antiCameraHack, true),
                title,
                reference,
                metadata == null || metadata.isEmpty() ? null : new TreeMap<>(metadata),
                costCentre);
    }

    /** @param sent what the vendor is given as returnUrl */
    public InitParameters order(ReturnUrl sent) {
        return new InitParameters(sent, actionStyle, actions, actionMutex, antiCameraHack, Optional.ofNullable(title));
    }
}
