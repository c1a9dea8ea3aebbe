package io.liveness.gateway.session;

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
@interface CodePoints {

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
            if (text == null) {
                return true;
            }
            String broken = broken(text, min, max);
            return broken == null || Violation.of(context, broken);
        }

        /** @return which rule is broken; null when none is */
        static String broken(String text, int min, int max) {
            if (text.codePoints()
                    .anyMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))) {
                return "must be well-formed Unicode without NUL";
            }
            int length = text.codePointCount(0, text.length());
            return length >= min && length <= max
                    ? null
                    : "must have " + min + " to " + max + " characters, has " + length;
        }
    }
}
