package io.liveness.gateway.statement;

/** Where a statement stands. One that is still received is not shown. */
public enum StatementStatus {
    READING,
    MATCHING,
    DONE,
    FAILED,
    WITHDRAWN,
    SUPERSEDED
}
