package io.liveness.gateway.finance.summary;

/** Where a fee stands when it is summed: its status, and apart those that came back only by presumption. */
public enum Standing {
    PRE_DEDUCTED,
    UNCONFIRMED,
    CHARGED,
    REFUNDED,
    /** Refunded since the vendor's answer was lost: its billing rule says so, its word does not. */
    PRESUMED,
    /** No fee: an entry that corrects one. */
    ADJUSTMENT
}
