package io.liveness.gateway.check.open;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Text of well-formed Unicode without NUL, whose length is counted in code points: an emoji is one. */
@Target({ElementType.FIELD, ElementType.TYPE_USE, ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = CodePoints.Validator.class)
public @interface CodePoints {

    int min() default 0;

    int max();

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Says which of the rules is broken. */
    class Validator implements ConstraintValidator<CodePoints, String> {

        private int min;
        private int max;

        @Override
        public void initialize(CodePoints rule) {
            min = rule.min();
            max = rule.max();
        }

        @Override
        public boolean isValid(String text, ConstraintValidatorContext context) {
            return text == null
                    || Parameters.brokenText(text, min, max)
                            .map(broken -> Violation.of(context, broken))
                            .orElse(true);
        }
    }
}
