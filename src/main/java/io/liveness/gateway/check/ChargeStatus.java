package io.liveness.gateway.check;

import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import java.util.EnumSet;
import java.util.Set;

/** Where the fee of a session stands (vendor document, 计费说明). */
public enum ChargeStatus {
    /** No fee was taken. */
    NONE,
    /** The fee was taken at init; no verdict yet. */
    PRE_DEDUCTED,
    /** A fee may have been taken: init's answer was lost. */
    UNCONFIRMED,
    /** Final: verdict 200 or 202. */
    CHARGED,
    /** The fee came back. */
    REFUNDED;

    /** The states that may follow. Each query guards its own move by a condition on the row; this table is the summary. */
    public Set<ChargeStatus> next() {
        return switch (this) {
            case NONE -> EnumSet.of(PRE_DEDUCTED, UNCONFIRMED);
            case PRE_DEDUCTED -> EnumSet.of(CHARGED, REFUNDED);
            case UNCONFIRMED -> EnumSet.of(REFUNDED);
            case CHARGED, REFUNDED -> EnumSet.noneOf(ChargeStatus.class);
        };
    }

    public boolean mayBecome(ChargeStatus status) {
        return next().contains(status);
    }

    /** What an accepted init means for the fee: taken, unless the vendor says that it was not. */
    public static ChargeStatus atOpening(BillingFlag charge) {
        return charge == BillingFlag.NOT_BILLED ? NONE : PRE_DEDUCTED;
    }

    /** What a fee that was taken becomes when its session ends so. */
    public static ChargeStatus atEnd(SessionStatus end) {
        return switch (end) {
            case PASSED, NOT_PASSED -> CHARGED;
            case FAILED, EXPIRED -> REFUNDED;
            case OPENING, PENDING, REJECTED, UNKNOWN -> throw new IllegalArgumentException(end + " is no end");
        };
    }
}
