package io.liveness.gateway.finance;

import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.books.audit.PageOrFile;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The filter of a list of charges.
 *
 * @param caller the owner of the sessions; empty for all callers
 * @param basis of the last movement: the end of the fee, or its pre-deduction while it is open
 * @param opened when the fee was pre-deducted
 * @param ended when it was charged or came back
 */
record ChargeFilter(
        Optional<String> caller,
        Optional<String> costCentre,
        Optional<FeeStatus> status,
        Optional<LedgerBasis> basis,
        Optional<String> taskNo,
        Optional<UUID> session,
        Span opened,
        Span ended) {

    /**
     * A time from a moment on, itself included, to another one, itself excluded.
     *
     * @param from empty for ever before
     * @param to empty for ever after
     */
    record Span(Optional<Instant> from, Optional<Instant> to) {

        boolean isBounded() {
            return from.isPresent() || to.isPresent();
        }
    }

    /** Whether only open fees are wanted, of which there are few. */
    boolean isOpen() {
        return status.filter(wanted -> wanted == FeeStatus.PRE_DEDUCTED || wanted == FeeStatus.UNCONFIRMED)
                .isPresent();
    }

    /** Whether only a few fees can fit: those of a session or a task number, and open ones. */
    boolean isOfFew() {
        return session.isPresent() || taskNo.isPresent() || isOpen();
    }

    boolean isPresumed() {
        return basis.filter(LedgerBasis.PRESUMED::equals).isPresent();
    }

    /** The parameters of the API that it holds, by their names. */
    Map<String, String> text() {
        return new PageOrFile.GivenFilters()
                .with("from", opened.from)
                .with("to", opened.to)
                .with("endedFrom", ended.from)
                .with("endedTo", ended.to)
                .with("status", status)
                .with("basis", basis)
                .with("caller", caller)
                .with("costCentre", costCentre)
                .with("taskNo", taskNo)
                .with("sessionId", session)
                .texts();
    }
}
