package io.liveness.gateway.sandbox.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a check may end, and what that means for its fee (vendor document, 计费说明). */
public enum CheckVerdict {
    PASSED(200, FeeStatus.CHARGED),
    NOT_PASSED(202, FeeStatus.CHARGED),
    FAILED(203, FeeStatus.REFUNDED);

    private final int code;
    private final FeeStatus fee;

    CheckVerdict(int code, FeeStatus fee) {
        this.code = code;
        this.fee = fee;
    }

    public int code() {
        return code;
    }

    FeeStatus fee() {
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
