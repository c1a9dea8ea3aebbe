package io.liveness.gateway.vendor;

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

    /** The vendor's code, which is stored with the session. */
    public int code() {
        return code;
    }
}
