package io.liveness.gateway.platform.problem;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.Problem.Reason;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An error that the caller can act on; the message becomes the problem's {@code detail}. */
public final class ProblemException extends RuntimeException {

    private final ProblemCode code;
    private final List<FieldError> errors;
    private final List<Reason> reasons;
    private final Duration retryAfter;
    private final UUID sessionId;
    private final Integer vendorCode;
    private final Quota usedUp;

    /** A limit without a window of time. */
    record Quota(String limit, int quota) {

        void tell(HttpServerResponse response) {
            RateLimitFields.add(response, limit, "q=" + quota, "r=0");
        }
    }

    private ProblemException(
            ProblemCode code,
            String detail,
            List<FieldError> errors,
            List<Reason> reasons,
            Duration retryAfter,
            UUID sessionId,
            Integer vendorCode,
            Quota usedUp) {
        // No stack trace: this is an answer, not a fault.
        super(detail, null, false, false);
        this.code = code;
        this.errors = errors;
        this.reasons = reasons;
        this.retryAfter = retryAfter;
        this.sessionId = sessionId;
        this.vendorCode = vendorCode;
        this.usedUp = usedUp;
    }

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of(), List.of(), null, null, null, null);
    }

    /** A request whose field, header or parameter breaks a rule. */
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    public static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(
                CommonProblem.INVALID_REQUEST,
                "Correct the fields listed in errors.",
                List.copyOf(errors),
                List.of(),
                null,
                null,
                null,
                null);
    }

    public static ProblemException notFound() {
        return new ProblemException(CommonProblem.NOT_FOUND, "No such resource, or it belongs to somebody else.");
    }

    public ProblemException retryAfter(Duration wait) {
        return new ProblemException(code, getMessage(), errors, reasons, wait, sessionId, vendorCode, usedUp);
    }

    public ProblemException about(UUID session, Optional<Integer> vendorsCode) {
        return new ProblemException(
                code, getMessage(), errors, reasons, retryAfter, session, vendorsCode.orElse(null), usedUp);
    }

    /** The answer tells of this limit that nothing of it is left. */
    public ProblemException usedUp(String limit, int quota) {
        return new ProblemException(
                code, getMessage(), errors, reasons, retryAfter, sessionId, vendorCode, new Quota(limit, quota));
    }

    /** Adds the reasons of the refusal. */
    public ProblemException because(List<Reason> why) {
        return new ProblemException(
                code, getMessage(), errors, List.copyOf(why), retryAfter, sessionId, vendorCode, usedUp);
    }

    ProblemCode code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }

    List<Reason> reasons() {
        return reasons;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    Optional<Quota> usedUp() {
        return Optional.ofNullable(usedUp);
    }

    UUID sessionId() {
        return sessionId;
    }

    Integer vendorCode() {
        return vendorCode;
    }
}
