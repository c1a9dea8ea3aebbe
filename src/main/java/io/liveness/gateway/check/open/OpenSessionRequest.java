package io.liveness.gateway.check.open;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.liveness.gateway.platform.Sha256;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.LivenessVendor.InitParameters;
import io.liveness.gateway.vendor.ReturnUrl;
import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The request to open a session. Absent fields take the vendor's defaults. */
@OpenSessionRequest.Rules
public record OpenSessionRequest(
        @NotNull(message = "is required") String returnUrl,

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

        String costCentre) {

    public static final int MAX_REFERENCE = 64;

    static final String COST_CENTRE = "[A-Za-z0-9._-]{1,32}";

    // A separate mapper: changes to the JSON of answers must not change stored hashes.
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    /** The text leaves out the caller's own data. */
    @Override
    public String toString() {
        return "OpenSessionRequest[" + actionStyle + "]";
    }

    /** A request with every default filled in: two requests are the same when they agree in this form. */
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

    /**
     * The SHA-256 of this request, to compare two requests with one key once {@link #withDefaults defaults} are filled in: independent of
     * the order of fields. Absent fields are left out, so that a field added later does not change stored hashes.
     */
    public byte[] hash() {
        return hash(this);
    }

    static byte[] hash(Record request) {
        try {
            return Sha256.digest().digest(CANONICAL.writeValueAsBytes(request));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of strings is always writable", e);
        }
    }

    /** @param sent what the vendor is given as returnUrl */
    public InitParameters order(ReturnUrl sent) {
        return new InitParameters(sent, actionStyle, actions, actionMutex, antiCameraHack, Optional.ofNullable(title));
    }

    /** Rules beyond the length of a field. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = Validator.class)
    @interface Rules {

        String message() default "";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    /** Cost centres of sessions. */
    @ConfigMapping(prefix = "liveness.session")
    interface CostCentres {

        /** Allowed <a href="docs/finance.md#cost-centres">cost centres</a>, each 1 to 32 of {@code A-Za-z0-9._-}; any by default. */
        Optional<
                        List<
                                @Pattern(
                                        regexp = COST_CENTRE,
                                        message =
                                                "liveness.session.cost-centres must be names of 1 to 32 characters of A-Za-z0-9._-")
                                String>>
                costCentres();
    }

    /** Names the field and the rule that it breaks. */
    @Singleton
    static class Validator implements ConstraintValidator<Rules, OpenSessionRequest> {

        // The configuration is read when it is asked for: it is validated itself, after this was made.
        private final Instance<CostCentres> config;

        Validator(Instance<CostCentres> config) {
            this.config = config;
        }

        @Override
        public boolean isValid(OpenSessionRequest request, ConstraintValidatorContext context) {
            return isReturnUrl(request.returnUrl(), context)
                    & actionsFitStyle(request, context)
                    & isCostCentre(request.costCentre(), context);
        }

        /** One of the vendor's forms, see {@link ReturnUrl}. */
        private static boolean isReturnUrl(String url, ConstraintValidatorContext context) {
            try {
                return url == null || ReturnUrl.parse(url) != null;
            } catch (IllegalArgumentException broken) {
                return Violation.of(context, "returnUrl", broken.getMessage());
            }
        }

        /** Actions are given with the style CUSTOM, and only then (vendor document, actions参数说明). */
        private static boolean actionsFitStyle(OpenSessionRequest request, ConstraintValidatorContext context) {
            boolean custom = request.actionStyle() == ActionStyle.CUSTOM;
            boolean given = request.actions() != null && !request.actions().isEmpty();
            if (custom == given) {
                return true;
            }
            return Violation.of(
                    context,
                    "actions",
                    custom
                            ? "must be given when actionStyle is CUSTOM"
                            : "must be left out unless actionStyle is CUSTOM");
        }

        /** One that sessions may be opened for. The answer does not tell the others. */
        private boolean isCostCentre(String given, ConstraintValidatorContext context) {
            if (given == null) {
                return true;
            }
            if (!given.matches(COST_CENTRE)) {
                return Violation.of(context, "costCentre", "must be 1 to 32 characters of A-Za-z0-9._-");
            }
            return config.get().costCentres().map(list -> list.contains(given)).orElse(true)
                    || Violation.of(
                            context, "costCentre", "is not one of the cost centres that sessions may be opened for");
        }
    }
}
