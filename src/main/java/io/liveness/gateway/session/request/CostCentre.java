package io.liveness.gateway.session.request;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A cost centre that sessions may be opened for: {@code liveness.session.cost-centres}. */
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = CostCentre.Validator.class)
@interface CostCentre {

    String FORM = "[A-Za-z0-9._-]{1,32}";

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names the broken rule, without the allowed values. */
    @Singleton
    class Validator implements ConstraintValidator<CostCentre, String> {

        // The configuration is read when it is asked for: it is validated itself, after this was made.
        private final Instance<CostCentresConfig> config;

        Validator(Instance<CostCentresConfig> config) {
            this.config = config;
        }

        @Override
        public boolean isValid(String given, ConstraintValidatorContext context) {
            if (given == null) {
                return true;
            }
            if (!given.matches(FORM)) {
                return Violation.of(context, "must be 1 to 32 characters of A-Za-z0-9._-");
            }
            return config.get().costCentres().map(list -> list.contains(given)).orElse(true)
                    || Violation.of(context, "is not one of the cost centres that sessions may be opened for");
        }
    }
}
