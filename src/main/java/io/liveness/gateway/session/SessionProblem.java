package io.liveness.gateway.session;

import io.liveness.gateway.platform.problem.ProblemCode;

/** The codes of errors about sessions, and about the vendor that checks them. */
public enum SessionProblem implements ProblemCode {
    BUDGET_EXHAUSTED(429, "The caller's budget of this month is spent"),
    VENDOR_REJECTED(502, "The vendor refused to open the check"),
    FACE_IMAGE_REFUSED(502, "The vendor's face image is not forwarded"),
    VENDOR_UNAVAILABLE(503, "The vendor cannot be reached now"),
    VENDOR_OUTCOME_UNKNOWN(504, "The vendor's answer was lost");

    private final int status;
    private final String title;

    SessionProblem(int status, String title) {
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
