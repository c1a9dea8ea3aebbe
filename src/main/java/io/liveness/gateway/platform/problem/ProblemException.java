package io.liveness.gateway.platform.problem;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.Problem.Reason;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** An error that the caller can act on; the message becomes the problem's {@code detail}. What is added is added before it is thrown. */
public final class ProblemException extends RuntimeException {

    private final ProblemCode code;
    private final List<FieldError> errors;
    private List<Reason> reasons = List.of();
    private UUID sessionId;
    private Integer vendorCode;
    private String next;
    private Duration retryAfter;
    private Quota usedUp;

    /** A limit without a window of time. */
    record Quota(String limit, int quota) {

        void tell(HttpServerResponse response) {
            RateLimitFields.add(response, limit, "q=" + quota, "r=0");
        }
    }

    private ProblemException(ProblemCode code, String detail, List<FieldError> errors) {
        // No stack trace: this is an answer, not a fault.
        super(detail, null, false, false);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    /** A request whose field, header or parameter breaks a rule. */
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /** A request whose field breaks a rule with its own code, by which people read it in their language. */
    public static ProblemException invalid(String field, String code, String message) {
        return invalid(field, code, Map.of(), message);
    }

    /**
     * A request whose field breaks a rule with its own code.
     *
     * @param parameters what the message names, by name
     */
    public static ProblemException invalid(String field, String code, Map<String, String> parameters, String message) {
        return invalid(List.of(new FieldError(field, message, code, parameters)));
    }

    public static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(ProblemCode.INVALID_REQUEST, "Correct the fields listed in errors.", errors);
    }

    /** A request under a condition, with the field that it fails by. */
    public static ProblemException precondition(String field, String code, String message) {
        return new ProblemException(
                ProblemCode.PRECONDITION_FAILED,
                "Nothing was changed: see errors.",
                List.of(new FieldError(field, message, code, Map.of())));
    }

    public static ProblemException notFound() {
        return new ProblemException(ProblemCode.NOT_FOUND, "No such resource, or it belongs to another caller.");
    }

    /** Rounded up to seconds, as the header has them: a request at that time is not too early. */
    public ProblemException retryAfter(Duration wait) {
        retryAfter = Duration.ofSeconds(wait.plusSeconds(1).minusNanos(1).toSeconds());
        return this;
    }

    public ProblemException reasons(List<Reason> why) {
        reasons = List.copyOf(why);
        return this;
    }

    /** The session that the error is about. */
    public ProblemException sessionId(UUID session) {
        sessionId = session;
        return this;
    }

    public ProblemException vendorCode(int refusal) {
        vendorCode = refusal;
        return this;
    }

    /** The cursor to go on with. */
    public ProblemException next(String cursor) {
        next = cursor;
        return this;
    }

    /** The answer says that nothing is left of this limit. */
    public ProblemException usedUp(String limit, int quota) {
        usedUp = new Quota(limit, quota);
        return this;
    }

    public ProblemCode code() {
        return code;
    }

    /** The broken rules, none unless the request is invalid or its condition fails. */
    public List<FieldError> errors() {
        return errors;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    Optional<Quota> usedUp() {
        return Optional.ofNullable(usedUp);
    }

    /** The answer's body. */
    Problem problem(String instance, String requestId) {
        SpanContext trace = Span.current().getSpanContext();
        return new Problem(
                URI.create("/problems#" + code.code()),
                code.title(),
                code.status(),
                getMessage(),
                instance,
                code.code(),
                requestId,
                errors,
                reasons,
                sessionId,
                vendorCode,
                next,
                trace.isValid() ? trace.getTraceId() : null);
    }
}
