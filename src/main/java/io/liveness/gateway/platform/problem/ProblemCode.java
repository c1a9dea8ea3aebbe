package io.liveness.gateway.platform.problem;

import java.util.Locale;

/** The stable codes of our errors, each with its HTTP status. Callers branch on the code, people read the title. */
public enum ProblemCode {
    INVALID_REQUEST(400, "The request breaks a rule"),
    IDEMPOTENCY_KEY_MISSING(400, "The header Idempotency-Key is missing"),
    UNAUTHENTICATED(401, "A valid bearer token is required"),
    FORBIDDEN(403, "The caller lacks the role for this"),
    NOT_FOUND(404, "There is nothing here for this caller"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be produced"),
    IDEMPOTENCY_KEY_IN_FLIGHT(409, "The first request with this key is still under way"),
    PERIOD_NOT_CLOSABLE(409, "The month cannot be closed yet"),
    PERIOD_CLOSED(409, "The month is closed, and stays so"),
    DIFFERENCE_CONFLICT(409, "The difference does not allow this as it stands"),
    STATEMENT_UNDER_WAY(409, "The statement is still read and matched"),
    GONE(410, "It was here, and is gone for good"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type of the body is not supported"),
    IDEMPOTENCY_KEY_REUSED(422, "The key belongs to another request"),
    RATE_LIMITED(429, "The caller is over a limit of its own"),
    BUDGET_EXHAUSTED(429, "The caller's budget of this month is spent"),
    HEADERS_TOO_LARGE(431, "The address or the headers are too long"),
    INTERNAL_ERROR(500, "Something unforeseen went wrong"),
    VENDOR_REJECTED(502, "The vendor refused to open the check"),
    FACE_IMAGE_REFUSED(502, "The vendor's photograph is not passed on"),
    UNAVAILABLE(503, "The gateway cannot serve this at the moment"),
    VENDOR_UNAVAILABLE(503, "The vendor cannot be reached at the moment"),
    BUSY(503, "Too much of this is under way at the moment"),
    VENDOR_OUTCOME_UNKNOWN(504, "The vendor's answer was lost");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The code as it stands in the answer, for example {@code idempotency-key-reused}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
