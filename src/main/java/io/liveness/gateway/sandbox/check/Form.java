package io.liveness.gateway.sandbox.check;

import io.vertx.core.MultiMap;
import java.util.Optional;

/** The parameters of a call. One that is given twice could be read either way, so it counts as wrong. */
public final class Form {

    private final MultiMap fields;

    public Form(MultiMap fields) {
        this.fields = fields;
    }

    public String required(String name) {
        return optional(name).orElseThrow(() -> new WrongParameter(name + " is missing"));
    }

    /** An empty value counts as none given. */
    Optional<String> optional(String name) {
        var values = fields.getAll(name);
        WrongParameter.unless(values.size() <= 1, name + " is given twice");
        return values.stream().filter(value -> !value.isBlank()).findFirst();
    }

    int number(String name, int absent) {
        try {
            return optional(name).map(Integer::parseInt).orElse(absent);
        } catch (NumberFormatException e) {
            throw new WrongParameter(name + " is not a number");
        }
    }

    boolean flag(String name, boolean absent) {
        int value = number(name, absent ? 1 : 0);
        WrongParameter.unless(value == 0 || value == 1, name + " is neither 0 nor 1");
        return value == 1;
    }
}
