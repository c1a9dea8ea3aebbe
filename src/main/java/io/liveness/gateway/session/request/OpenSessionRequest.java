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
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The request to open a session. Absent fields take the vendor's defaults. */
@ActionsFitStyle
@Schema(
        name = "OpenSessionRequest",
        description =
                "The parameters of a check. Fields that are left out take the vendor's defaults (vendor document, 业务参数).",
        additionalProperties = Schema.False.class)
public record OpenSessionRequest(
        @NotNull(message = "is required")
        @ReturnAddress
        @Schema(
                maxLength = ReturnUrl.MAX_LENGTH,
                description =
                        "Where the vendor's page sends the person at the end, in one of the vendor's forms (vendor document,"
                                + " returnUrl前缀说明), prefix included: http(s)://<host>…, replace:<web address>, wx.redirect:/<path>,"
                                + " wx.history, app:<function>, scheme:<address with a scheme other than javascript, data, file>."
                                + " Printable ASCII without spaces.",
                examples = "https://shop.example/liveness/done")
        String returnUrl,

        @Schema(
                description = "How the actions are chosen; the vendor's default is one head and one facial action.",
                defaultValue = "HEAD_AND_FACE")
        ActionStyle actionStyle,

        @Size(max = 6, message = "must have at most 6 actions")
        @Schema(description = "The sequence of actions: one to six with actionStyle CUSTOM, else empty.", maxItems = 6)
        List<@NotNull(message = "must not be null") Action> actions,

        @Schema(description = "Stop at once when the person makes a wrong action.", defaultValue = "true")
        Boolean actionMutex,

        @Schema(
                description = "Flash the screen to detect a hijacked camera; needs suitable light.",
                defaultValue = "true")
        Boolean antiCameraHack,

        @CodePoints(max = 32) @Schema(description = "Heading of the vendor's page, in code points.", maxLength = 32)
        String title,

        @CodePoints(max = MAX_REFERENCE)
        @Schema(description = "The caller's reference, in code points.", maxLength = MAX_REFERENCE)
        String reference,

        @Size(max = 16, message = "must have at most 16 keys")
        @Schema(description = "At most 16 keys of 1 to 64 code points, values of at most 256.", maxProperties = 16)
        Map<@CodePoints(min = 1, max = 64) String, @NotNull(message = "must not be null") @CodePoints(max = 256) String>
                metadata,

        @CostCentre
        @Schema(
                description =
                        "The cost centre that the fee is charged to. Finance sees it, but no metadata. The configuration may"
                                + " restrict the allowed values.",
                pattern = "^" + CostCentre.FORM + "$",
                minLength = 1,
                maxLength = 32,
                examples = "marketing-eu")
        String costCentre) {

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
