package io.liveness.gateway.check;

import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import java.util.EnumSet;
import java.util.Set;

/** Where a session stands, and where it may go from there. */
public enum SessionStatus {
    /** The intent is stored, init is in flight. */
    OPENING,
    /** A token was issued; no verdict yet. */
    PENDING,
    /** Verdict 200. */
    PASSED,
    /** Verdict 202. */
    NOT_PASSED,
    /** Verdict 203: the check could not be made. */
    FAILED,
    /** Verdict 301, or the vendor could not be asked until long after the token's end. */
    EXPIRED,
    /** Init certainly took no fee. */
    REJECTED,
    /** Init may have taken a fee and its answer was lost. */
    UNKNOWN;

    /**
     * The states that may follow. REJECTED may open again only when its reason is retryable. Each query guards its own move by a condition
     * on the row's status; this table is the summary.
     */
    public Set<SessionStatus> next() {
        return switch (this) {
            case OPENING -> EnumSet.of(PENDING, REJECTED, UNKNOWN);
            case PENDING -> EnumSet.of(PASSED, NOT_PASSED, FAILED, EXPIRED);
            case REJECTED -> EnumSet.of(OPENING);
            case PASSED, NOT_PASSED, FAILED, EXPIRED, UNKNOWN -> EnumSet.noneOf(SessionStatus.class);
        };
    }

    public boolean mayBecome(SessionStatus status) {
        return next().contains(status);
    }

    public static SessionStatus of(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> PASSED;
            case NOT_PASSED -> NOT_PASSED;
            case FAILED -> FAILED;
            case EXPIRED -> EXPIRED;
        };
    }
}
