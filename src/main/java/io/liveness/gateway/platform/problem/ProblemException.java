package io.liveness.gateway.platform.problem;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** An error that the caller can act on; the message becomes the problem's {@code detail}. */
public final class ProblemException extends RuntimeException {

    private final ProblemCode code;
    private final Map<String, Object> members;
    private final Duration retryAfter;
    private final Quota usedUp;

    /** A limit without a window of time. */
    record Quota(String limit, int quota) {

        void tell(HttpServerResponse response) {
            RateLimitFields.add(response, limit, "q=" + quota, "r=0");
        }
    }

    private ProblemException(
            ProblemCode code, String detail, Map<String, Object> members, Duration retryAfter, Quota usedUp) {
        // No stack trace: this is an answer, not a fault.
        super(detail, null, false, false);
        this.code = code;
        this.members = members;
        this.retryAfter = retryAfter;
        this.usedUp = usedUp;
    }

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, Map.of(), null, null);
    }

    /** A request whose field, header or parameter breaks a rule. */
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    public static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(ProblemCode.INVALID_REQUEST, "Correct the fields listed in errors.")
                .with("errors", List.copyOf(errors));
    }

    public static ProblemException notFound() {
        return new ProblemException(ProblemCode.NOT_FOUND, "No such resource, or it belongs to another caller.");
    }

    public ProblemException retryAfter(Duration wait) {
        return new ProblemException(code, getMessage(), members, wait, usedUp);
    }

    /**
     * Adds a member to the problem.
     *
     * @param name an optional member of {@link Problem}
     * @throws IllegalArgumentException when {@link Problem} has no such optional member
     */
    public ProblemException with(String name, Object value) {
        if (!Problem.OPTIONAL.contains(name)) {
            throw new IllegalArgumentException(name + " is no optional member of a problem");
        }
        Map<String, Object> more = new HashMap<>(members);
        more.put(name, value);
        return new ProblemException(code, getMessage(), more, retryAfter, usedUp);
    }

    /** The answer says that nothing is left of this limit. */
    public ProblemException usedUp(String limit, int quota) {
        return new ProblemException(code, getMessage(), members, retryAfter, new Quota(limit, quota));
    }

    ProblemCode code() {
        return code;
    }

    /** The broken rules, none unless the request is invalid. */
    public List<FieldError> errors() {
        return Objects.requireNonNullElse(member("errors"), List.of());
    }

    /** The value of an optional member, of the type that {@link Problem} declares; null when there is none. */
    @SuppressWarnings("unchecked")
    <T> T member(String name) {
        return (T) members.get(name);
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    Optional<Quota> usedUp() {
        return Optional.ofNullable(usedUp);
    }
}
