package io.liveness.gateway.bill.work;

import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.match.Matcher.Fee;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A result of a statement beside our books as they are now, and the judgement of it: what its acceptance adds to the ledger, or why it is
 * refused. It neither reads nor writes. All amounts are in the units of {@link io.liveness.gateway.books.Money}.
 *
 * @param fee of our books; empty for a line of no session
 * @param theirStatus as the line has it; empty where the result has no line
 * @param theirAmount as the line has it, or the total that the file or the invoice states; empty where it cannot be read
 * @param counted of the lines, beside a total
 * @param currency of the bill
 * @param isFirstLine whether no earlier line of the bill is of the same fee; of a duplicate
 * @param elsewhere what other bills that count have of the fee; of a duplicate, and of what is missing in the statement
 * @param accepted what its acceptance or its proposal adds, if there is one
 * @param isToBeRevoked whether a second person is to revoke that acceptance
 * @param isCorrectedElsewhere whether an acceptance of another bill corrects the fee
 */
record Difference(
        UUID id,
        MatchKind kind,
        Optional<OurFee> fee,
        Optional<StatedStatus> theirStatus,
        Optional<Long> theirAmount,
        Optional<Long> counted,
        String currency,
        boolean isFirstLine,
        Elsewhere elsewhere,
        Optional<Long> accepted,
        boolean isToBeRevoked,
        boolean isCorrectedElsewhere) {

    /** @param status of its charge, as in {@link Fee} */
    record OurFee(String status, long amount, String currency) {

        private boolean isReturned() {
            return status.equals(Fee.REFUNDED);
        }

        private boolean hasEnded() {
            return isReturned() || status.equals(Fee.CHARGED);
        }
    }

    /** What other bills that count have of a fee. */
    enum Elsewhere {
        NO_LINE,
        A_LINE,
        A_CHARGE
    }

    /** Why a difference is not accepted, or its proposal not confirmed. */
    enum Refusal {
        NO_DIFFERENCE,
        ACCEPTED_BEFORE,
        REVOCATION_PROPOSED,
        FEE_ACCEPTED_ELSEWHERE,
        FEE_OPEN,
        CURRENCIES_DIFFER,
        ADDS_OTHERWISE;

        /** The code that the API tells, for example {@code fee-open}. */
        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What its acceptance adds to the ledger. {@code STATUS_DIFFERS} corrects our amount by the bill's status, {@code AMOUNT_DIFFERS} the
     * rest: their sum is what the bill says. A fee that another bill has is not missing.
     */
    long adds() {
        return switch (kind) {
            case MISSING_IN_STATEMENT -> elsewhere == Elsewhere.NO_LINE ? -ours() : 0;
            case MISSING_IN_LEDGER, AMBIGUOUS, DUPLICATE_LINE -> theirs();
            case STATUS_DIFFERS -> oursByTheirStatus() - ours();
            case AMOUNT_DIFFERS -> theirs() - oursByTheirStatus();
            case UNREADABLE_LINE, CONTROL_TOTAL_DIFFERS, MATCHED, NOT_BILLED, CUT_OFF -> 0;
        };
    }

    /**
     * What the bill says and its acceptance does not pay, without a sign: the limit of four eyes counts it as what is paid. Empty for a line
     * whose amount cannot be read: nobody knows it.
     */
    Optional<Long> waives() {
        return switch (kind) {
            case UNREADABLE_LINE -> theirAmount;
            // A total without a sum is one of the number of lines.
            case CONTROL_TOTAL_DIFFERS ->
                Optional.of(theirAmount
                        .map(stated -> Math.abs(stated - counted.orElse(0L)))
                        .orElse(0L));
            default -> Optional.of(0L);
        };
    }

    /** Our fee as it is now, which is for good once it has ended. */
    long ours() {
        return fee.filter(one -> !one.isReturned()).map(OurFee::amount).orElse(0L);
    }

    private long oursByTheirStatus() {
        return isReturnedByThem() ? 0 : fee.map(OurFee::amount).orElse(0L);
    }

    /**
     * What the line charges. A pre-deduction by itself charges nothing: the vendor returns by itself what does not become a charge (vendor
     * document, 计费说明).
     */
    long theirs() {
        return isReturnedByThem() || isPreDeductionByItself() ? 0 : theirAmount.orElse(0L);
    }

    /** A line of a pre-deduction says nothing against a fee that was returned since. */
    private boolean isReturnedByThem() {
        return theirStatus.filter(StatedStatus.REFUNDED::equals).isPresent()
                || isPreDeduction() && fee.filter(OurFee::isReturned).isPresent();
    }

    private boolean isPreDeductionByItself() {
        return isPreDeduction()
                && switch (kind) {
                    case MISSING_IN_LEDGER, AMBIGUOUS, DUPLICATE_LINE -> true;
                    default -> false;
                };
    }

    private boolean isPreDeduction() {
        return theirStatus.filter(StatedStatus.PRE_DEDUCTED::equals).isPresent();
    }

    /** Why it is not accepted. */
    Optional<Refusal> refusal() {
        if (!isDifference()) {
            return Optional.of(Refusal.NO_DIFFERENCE);
        }
        if (accepted.isPresent()) {
            return Optional.of(isToBeRevoked ? Refusal.REVOCATION_PROPOSED : Refusal.ACCEPTED_BEFORE);
        }
        return correctsFee() ? refusalOfCorrection() : Optional.empty();
    }

    private Optional<Refusal> refusalOfCorrection() {
        boolean isCorrection = kind != MatchKind.MISSING_IN_STATEMENT || adds() != 0;
        if (isCorrection && isCorrectedElsewhere) {
            return Optional.of(Refusal.FEE_ACCEPTED_ELSEWHERE);
        }
        // The end of an open fee would come on top.
        if (fee.filter(OurFee::hasEnded).isEmpty()) {
            return Optional.of(Refusal.FEE_OPEN);
        }
        return fee.filter(one -> !currency.equals(one.currency())).map(other -> Refusal.CURRENCIES_DIFFER);
    }

    /** Why its proposal is not confirmed: other bills have come or gone since. */
    Optional<Refusal> refusalOfConfirmation() {
        if (!isDifference()) {
            return Optional.of(Refusal.NO_DIFFERENCE);
        }
        return accepted.filter(amount -> amount == adds()).isPresent()
                ? Optional.empty()
                : Optional.of(Refusal.ADDS_OTHERWISE);
    }

    /** The first line of a fee is no duplicate once no other bill charges that. */
    private boolean isDifference() {
        return kind.isDifference()
                && (kind != MatchKind.DUPLICATE_LINE || !isFirstLine || elsewhere == Elsewhere.A_CHARGE);
    }

    private boolean correctsFee() {
        return switch (kind) {
            case MISSING_IN_STATEMENT, AMOUNT_DIFFERS, STATUS_DIFFERS -> true;
            default -> false;
        };
    }
}
