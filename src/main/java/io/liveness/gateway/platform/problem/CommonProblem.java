package io.liveness.gateway.platform.problem;

/** The codes of errors that any operation may answer. */
public enum CommonProblem implements ProblemCode {
    INVALID_REQUEST(400, "The request breaks a rule"),
    IDEMPOTENCY_KEY_MISSING(400, "The header Idempotency-Key is missing"),
    UNAUTHENTICATED(401, "A valid bearer token is required"),
    FORBIDDEN(403, "The caller lacks the role for this"),
    NOT_FOUND(404, "No such resource for this caller"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be produced"),
    TOO_SLOW(408, "The body did not arrive in time"),
    IDEMPOTENCY_KEY_IN_FLIGHT(409, "The first request with this key is still under way"),
    GONE(410, "The resource is permanently gone"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type of the body is not supported"),
    IDEMPOTENCY_KEY_REUSED(422, "The key was used with another request"),
    RATE_LIMITED(429, "The caller exceeds its limit"),
    HEADERS_TOO_LARGE(431, "The address or the headers are too long"),
    INTERNAL_ERROR(500, "An unexpected error occurred"),
    UNAVAILABLE(503, "The gateway cannot serve the request now"),
    BUSY(503, "Too many of these requests are under way");

    private final int status;
    private final String title;

    CommonProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
