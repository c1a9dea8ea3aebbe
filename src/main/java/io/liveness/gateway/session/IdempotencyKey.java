package io.liveness.gateway.session;

import io.liveness.gateway.platform.ProblemCode;
import io.liveness.gateway.platform.ProblemException;
import java.util.regex.Pattern;

/** The caller's key of one intended session. */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";
    static final String REPLAYED_HEADER = "Idempotency-Replayed";
    static final String FORM = "[!-~]{1,64}";

    private static final Pattern PATTERN = Pattern.compile(FORM);

    private IdempotencyKey() {}

    /** @return the key as it is, when it is one */
    static String check(String given) {
        if (given == null || given.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_MISSING,
                    "Send a header Idempotency-Key, new for each intended session and kept for its retries.");
        }
        if (!PATTERN.matcher(given).matches()) {
            throw ProblemException.invalid(HEADER, "must have 1 to 64 visible ASCII characters");
        }
        return given;
    }
}
