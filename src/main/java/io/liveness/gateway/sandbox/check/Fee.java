package io.liveness.gateway.sandbox.check;

import java.time.Instant;
import java.util.Optional;

/** One fee. It is settled once; unsettled it returns by itself when its token expires. */
final class Fee {

    private final Instant expiresAt;
    private FeeStatus status = FeeStatus.PRE_DEDUCTED;
    private Optional<Instant> settledAt = Optional.empty();

    Fee(Instant expiresAt) {
        this.expiresAt = expiresAt;
    }

    synchronized void settle(FeeStatus outcome, Instant now) {
        if (state(now).status() == FeeStatus.PRE_DEDUCTED) {
            status = outcome;
            settledAt = Optional.of(now);
        }
    }

    synchronized State state(Instant now) {
        if (status == FeeStatus.PRE_DEDUCTED && !now.isBefore(expiresAt)) {
            return new State(FeeStatus.REFUNDED, Optional.of(expiresAt));
        }
        return new State(status, settledAt);
    }

    record State(FeeStatus status, Optional<Instant> settledAt) {}
}
