package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestResponse;

/** The caller's own key of one thing that it intends: sent again with the same key, a request does nothing twice. */
public final class IdempotencyKey {

    public static final String HEADER = "Idempotency-Key";
    public static final String REPLAYED_HEADER = "Idempotency-Replayed";
    public static final String FORM = "[!-~]{1,64}";

    private static final Pattern PATTERN = Pattern.compile(FORM);

    private IdempotencyKey() {}

    /**
     * Answers 200.
     *
     * @param replayed whether an earlier request with the same key did the work; sets the header {@code Idempotency-Replayed}
     */
    public static <T> RestResponse<T> answer(T body, boolean replayed) {
        var answer = RestResponse.ResponseBuilder.ok(body);
        return (replayed ? answer.header(REPLAYED_HEADER, true) : answer).build();
    }

    /** The refusal of a key that an earlier request with another content has used. */
    public static ProblemException reused() {
        return new ProblemException(
                ProblemCode.IDEMPOTENCY_KEY_REUSED,
                "This key was used with another request; send a new key, or the first request again.");
    }

    /**
     * Returns a valid key.
     *
     * @param intended the kind of object the key is for, for example {@code session}
     */
    public static String required(String given, String intended) {
        if (given == null || given.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_MISSING,
                    "Send a header Idempotency-Key, new for each intended " + intended + " and kept for its retries.");
        }
        return valid(given);
    }

    /** Returns a valid key, or nothing when the request has none. */
    public static Optional<String> optional(String given) {
        return Optional.ofNullable(given).map(IdempotencyKey::valid);
    }

    private static String valid(String given) {
        if (!PATTERN.matcher(given).matches()) {
            throw ProblemException.invalid(HEADER, "must have 1 to 64 visible ASCII characters");
        }
        return given;
    }
}
