package io.liveness.gateway.statement.mapping;

/** What a statement says has become of a fee (vendor document, 计费说明). */
public enum StatedStatus {
    PRE_DEDUCTED,
    CHARGED,
    REFUNDED
}
