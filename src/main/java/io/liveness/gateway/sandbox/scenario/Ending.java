package io.liveness.gateway.sandbox.scenario;

/** Where the verdict of a check comes from. */
public enum Ending {
    PASSED,
    NOT_PASSED,
    FAILED,
    /** Passed, but not known at once. */
    LATE,
    /** Not passed the first time it is asked for, passed from then on. */
    CONTRADICTORY,
    /** Only from the check page; without it the token expires. */
    BY_PAGE
}
