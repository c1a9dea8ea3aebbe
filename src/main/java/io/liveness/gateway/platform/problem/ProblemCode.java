package io.liveness.gateway.platform.problem;

import java.util.Locale;

/**
 * The stable codes of errors, each with its HTTP status. Callers branch on the code, people read the title; {@code docs/problems.md}
 * explains all.
 */
public enum ProblemCode {
    INVALID_REQUEST(400, "The request breaks a rule"),
    IDEMPOTENCY_KEY_MISSING(400, "The header Idempotency-Key is missing"),
    UNAUTHENTICATED(401, "A valid bearer token is required"),
    FORBIDDEN(403, "The caller lacks the role for this"),
    NOT_FOUND(404, "No such resource for this caller"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be produced"),
    TOO_SLOW(408, "The body did not arrive in time"),
    IDEMPOTENCY_KEY_IN_FLIGHT(409, "The first request with this key is still under way"),
    TOKEN_KNOWN(409, "The gateway has a session with this token"),
    TASK_NO_KNOWN(409, "The gateway has a fee with this task number"),
    GONE(410, "The resource is permanently gone"),
    PRECONDITION_FAILED(412, "The condition of the request does not hold"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type of the body is not supported"),
    IDEMPOTENCY_KEY_REUSED(422, "The key was used with another request"),
    RATE_LIMITED(429, "The caller exceeds its limit"),
    HEADERS_TOO_LARGE(431, "The address or the headers are too long"),
    INTERNAL_ERROR(500, "An unexpected error occurred"),
    UNAVAILABLE(503, "The gateway cannot serve the request now"),
    BUSY(503, "Too many of these requests are under way"),

    // Sessions, and the vendor that checks them.
    BUDGET_EXHAUSTED(429, "The caller's budget of this month is spent"),
    VENDOR_REJECTED(502, "The vendor refused to open the check"),
    FACE_IMAGE_REFUSED(502, "The vendor's face image is not forwarded"),
    OPENS_PAUSED(503, "The gateway opens no sessions now"),
    VENDOR_UNAVAILABLE(503, "The vendor cannot be reached now"),
    VENDOR_OUTCOME_UNKNOWN(504, "The vendor's answer was lost"),

    BILL_COMPARED(409, "A bill of the time is compared already"),

    // Webhooks and the feed.
    ENDPOINT_LIMIT_REACHED(409, "The caller has as many webhook endpoints as it may have"),
    SECRET_LIMIT_REACHED(409, "As many old secrets of the endpoint sign as it may have"),
    REPLAY_UNDER_WAY(409, "A replay of the endpoint is under way"),
    FEED_RESTORED(410, "The feed was restored from a backup since the cursor was given"),

    // Months.
    PERIOD_NOT_CLOSABLE(409, "The month cannot be closed yet"),
    PERIOD_CLOSED(409, "The month is closed and cannot be reopened"),

    // Statements and their differences.
    DIFFERENCE_CONFLICT(409, "The state of the difference does not allow this"),
    STATEMENT_UNDER_WAY(409, "The statement is still being read and matched");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The code in words. */
    public String title() {
        return title;
    }

    /** The code as it stands in the answer, for example {@code idempotency-key-reused}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
