package io.liveness.gateway.vendor.jumdata;

import java.util.Arrays;
import java.util.Optional;

/** The codes of the vendor document (公共code返回码说明 and the code返回码说明 of result). */
enum VendorCode {
    SUCCESS(200, "success"),
    NO_RESULT_YET(201, "no result yet"),
    NOT_PASSED(202, "not passed"),
    CHECK_FAILED(203, "the check could not be made"),
    TOKEN_EXPIRED(301, "the token has expired"),
    WRONG_PARAMETER(400, "a parameter is wrong"),
    WRONG_ADDRESS(404, "wrong address"),
    MAINTENANCE(500, "maintenance"),
    NOT_ENABLED(601, "the product is not enabled"),
    ACCOUNT_SUSPENDED(602, "the account is suspended"),
    INTERFACE_SUSPENDED(604, "the interface is suspended"),
    QUOTA_EXCEEDED(606, "the quota is exceeded"),
    IP_NOT_ALLOWED(607, "our IP address is not on the allow-list"),
    TOO_FREQUENT(609, "called too often"),
    TIMED_OUT(610, "the vendor timed out"),
    OTHER(999, "another error");

    private final int value;
    private final String meaning;

    VendorCode(int value, String meaning) {
        this.value = value;
        this.meaning = meaning;
    }

    /** An init with this code was refused. Whether a fee was taken says the flag {@code charge} of the answer. */
    boolean refuses() {
        return switch (this) {
            case WRONG_PARAMETER,
                    WRONG_ADDRESS,
                    MAINTENANCE,
                    NOT_ENABLED,
                    ACCOUNT_SUSPENDED,
                    INTERFACE_SUSPENDED,
                    QUOTA_EXCEEDED,
                    IP_NOT_ALLOWED,
                    TOO_FREQUENT -> true;
            default -> false;
        };
    }

    static Optional<VendorCode> of(int value) {
        return Arrays.stream(values()).filter(code -> code.value == value).findFirst();
    }

    int value() {
        return value;
    }

    /** For people, in our words: the vendor's own text is not passed on. */
    String meaning() {
        return meaning;
    }
}
