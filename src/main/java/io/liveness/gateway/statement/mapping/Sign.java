package io.liveness.gateway.statement.mapping;

/** Which sign the amounts of fees have in a statement. */
public enum Sign {
    POSITIVE,
    NEGATIVE,
    IGNORED
}
