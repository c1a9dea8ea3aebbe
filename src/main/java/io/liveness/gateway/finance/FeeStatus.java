package io.liveness.gateway.finance;

/** Where a fee stands; as a session's charge status, which is also {@code NONE}. */
public enum FeeStatus {
    PRE_DEDUCTED,
    UNCONFIRMED,
    CHARGED,
    REFUNDED
}
