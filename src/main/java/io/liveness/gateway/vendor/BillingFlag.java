package io.liveness.gateway.vendor;

/** The vendor's field {@code charge} (计费标志) as it was answered; several of its samples omit it. */
public enum BillingFlag {
    BILLED,
    NOT_BILLED,
    ABSENT,
    /** Any other value: it does not prove that nothing was billed. */
    UNCLEAR
}
