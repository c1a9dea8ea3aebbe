package io.liveness.gateway.session.request;

import io.liveness.gateway.vendor.ActionStyle;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Actions are given with the style CUSTOM, and only then (vendor document, actions参数说明). */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ActionsFitStyle.Validator.class)
@interface ActionsFitStyle {

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Blames the field {@code actions}. */
    class Validator implements ConstraintValidator<ActionsFitStyle, OpenSessionRequest> {

        @Override
        public boolean isValid(OpenSessionRequest request, ConstraintValidatorContext context) {
            boolean custom = request.actionStyle() == ActionStyle.CUSTOM;
            if (custom && (request.actions() == null || request.actions().isEmpty())) {
                return Violation.of(context, "actions", "must be given when actionStyle is CUSTOM");
            }
            if (!custom && request.actions() != null && !request.actions().isEmpty()) {
                return Violation.of(context, "actions", "must be left out unless actionStyle is CUSTOM");
            }
            return true;
        }
    }
}
