package io.liveness.gateway.check.open;

import jakarta.validation.ConstraintValidatorContext;

/** Reports a broken rule with a sentence of our own. */
final class Violation {

    private Violation() {}

    static boolean of(ConstraintValidatorContext context, String message) {
        context.disableDefaultConstraintViolation();
        context.buildConstraintViolationWithTemplate(literal(message)).addConstraintViolation();
        return false;
    }

    static boolean of(ConstraintValidatorContext context, String field, String message) {
        context.disableDefaultConstraintViolation();
        context.buildConstraintViolationWithTemplate(literal(message))
                .addPropertyNode(field)
                .addConstraintViolation();
        return false;
    }

    // Escapes the template's characters, so that no text is read as an expression.
    private static String literal(String message) {
        return message.replace("\\", "\\\\")
                .replace("{", "\\{")
                .replace("}", "\\}")
                .replace("$", "\\$");
    }
}
