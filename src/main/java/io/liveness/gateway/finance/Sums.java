package io.liveness.gateway.finance;

import java.util.EnumMap;
import java.util.Map;

/** Fees of one currency by where they stand. What was pre-deducted is the sum of the others but adjustments. */
public final class Sums {

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

    /**
     * A number of fees and their sum.
     *
     * @param amount in the units of {@link io.liveness.gateway.ledger.Money}, of their currency
     */
    public record Figure(long count, long amount) {

        public static final Figure NONE = new Figure(0, 0);

        public Figure plus(Figure other) {
            return new Figure(Math.addExact(count, other.count), Math.addExact(amount, other.amount));
        }
    }

    private final Map<Standing, Figure> figures = new EnumMap<>(Standing.class);

    public void add(Standing standing, Figure figure) {
        figures.merge(standing, figure, Figure::plus);
    }

    public Figure preDeducted() {
        return charged().plus(refunded()).plus(of(Standing.PRE_DEDUCTED)).plus(of(Standing.UNCONFIRMED));
    }

    public Figure charged() {
        return of(Standing.CHARGED);
    }

    /** Those that are presumed included. */
    public Figure refunded() {
        return of(Standing.REFUNDED).plus(of(Standing.PRESUMED));
    }

    public Figure adjusted() {
        return of(Standing.ADJUSTMENT);
    }

    Figure of(Standing standing) {
        return figures.getOrDefault(standing, Figure.NONE);
    }
}
