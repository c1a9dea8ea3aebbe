package io.liveness.gateway.session.request;

import io.liveness.gateway.vendor.ReturnUrl;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A returnUrl in one of the vendor's forms, see {@link ReturnUrl}. */
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ReturnAddress.Validator.class)
@interface ReturnAddress {

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names the form and the rule that it breaks. */
    class Validator implements ConstraintValidator<ReturnAddress, String> {

        @Override
        public boolean isValid(String url, ConstraintValidatorContext context) {
            if (url == null) {
                return true;
            }
            try {
                ReturnUrl.parse(url);
                return true;
            } catch (IllegalArgumentException broken) {
                return Violation.of(context, broken.getMessage());
            }
        }
    }
}
