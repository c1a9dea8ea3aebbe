package io.liveness.gateway.sandbox.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a check may end, and what that means for its fee (vendor document, 计费说明). */
public enum CheckVerdict {
    PASSED(200, FeeState.CHARGED),
    NOT_PASSED(202, FeeState.CHARGED),
    FAILED(203, FeeState.REFUNDED);

    private final int code;
    private final FeeState fee;

    CheckVerdict(int code, FeeState fee) {
        this.code = code;
        this.fee = fee;
    }

    public int code() {
        return code;
    }

    FeeState fee() {
        return fee;
    }

    /** As the check page says it: {@code passed}, {@code not-passed}, {@code failed}. */
    public static Optional<CheckVerdict> named(String name) {
        return Arrays.stream(values())
                .filter(verdict -> verdict.name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-')
                        .equals(name))
                .findFirst();
    }
}
