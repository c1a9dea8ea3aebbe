package io.liveness.gateway.session.settling;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.session.ChargeStatus;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.leasing.LeasedSession;
import io.liveness.gateway.vendor.BillingFlag;
import io.liveness.gateway.vendor.VerdictOutcome;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The end of a session or of its open fee.
 *
 * @param from the status it must still have
 * @param feeEnd the end of an open fee
 * @param verdict the vendor's verdict; absent when the vendor could not be asked
 * @param faceUrlSealed the address of the face image, encrypted
 * @param fence the lease that must still be held; absent with a verdict, which counts from every replica
 */
record Settlement(
        UUID session,
        SessionStatus from,
        SessionStatus to,
        ChargeStatus feeEnd,
        LedgerBasis basis,
        Optional<VerdictOutcome.Final> verdict,
        Optional<byte[]> faceUrlSealed,
        OptionalInt fence) {

    Settlement {
        // The tables of legal moves; an unknown session keeps its status while its fee is written off.
        if (from != to && !from.mayBecome(to)) {
            throw new IllegalArgumentException(from + " may not become " + to);
        }
        if (!ChargeStatus.PRE_DEDUCTED.mayBecome(feeEnd)) {
            throw new IllegalArgumentException(feeEnd + " ends no fee");
        }
    }

    static Settlement verdict(UUID session, VerdictOutcome.Final verdict, Optional<byte[]> faceUrlSealed) {
        SessionStatus status = SessionStatus.of(verdict.verdict());
        ChargeStatus feeEnd = ChargeStatus.PRE_DEDUCTED.settledBy(status);
        boolean said =
                verdict.charge() == (feeEnd == ChargeStatus.CHARGED ? BillingFlag.BILLED : BillingFlag.NOT_BILLED);
        return new Settlement(
                session,
                SessionStatus.PENDING,
                status,
                feeEnd,
                said ? LedgerBasis.VENDOR : LedgerBasis.RULE,
                Optional.of(verdict),
                faceUrlSealed,
                OptionalInt.empty());
    }

    /** After the vendor's deadline the fee has been returned by its rule. */
    static Settlement writtenOff(LeasedSession due) {
        return new Settlement(
                due.id(),
                due.status(),
                due.status() == SessionStatus.PENDING ? SessionStatus.EXPIRED : due.status(),
                ChargeStatus.REFUNDED,
                LedgerBasis.PRESUMED,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(due.lease()));
    }

    /** What the vendor's flag says of the fee; null when it says nothing. */
    Boolean billed() {
        return verdict.map(VerdictOutcome.Final::charge)
                .filter(flag -> flag == BillingFlag.BILLED || flag == BillingFlag.NOT_BILLED)
                .map(flag -> flag == BillingFlag.BILLED)
                .orElse(null);
    }

    Integer code() {
        return verdict.map(said -> said.verdict().code()).orElse(null);
    }
}
