package io.liveness.gateway.vendor;

import java.util.Arrays;
import java.util.Optional;

/** What the vendor finally says of a session (vendor document, code返回码说明 of result). */
public enum Verdict {
    PASSED(200),
    NOT_PASSED(202),
    FAILED(203),
    EXPIRED(301);

    private final int code;

    Verdict(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Optional<Verdict> of(int code) {
        return Arrays.stream(values()).filter(verdict -> verdict.code == code).findFirst();
    }
}
