package io.liveness.gateway.finance.summary;

import java.util.EnumMap;
import java.util.Map;

/** Fees of one currency by where they stand. What was pre-deducted is the sum of the others but adjustments. */
public final class Sums {

    private final Map<Standing, Figure> figures = new EnumMap<>(Standing.class);

    public void add(Standing standing, Figure figure) {
        figures.merge(standing, figure, Figure::plus);
    }

    public Figure preDeducted() {
        return charged().plus(refunded()).plus(open()).plus(unconfirmed());
    }

    public Figure charged() {
        return of(Standing.CHARGED);
    }

    /** Those that are presumed included. */
    public Figure refunded() {
        return of(Standing.REFUNDED).plus(presumed());
    }

    Figure presumed() {
        return of(Standing.PRESUMED);
    }

    Figure open() {
        return of(Standing.PRE_DEDUCTED);
    }

    Figure unconfirmed() {
        return of(Standing.UNCONFIRMED);
    }

    public Figure adjusted() {
        return of(Standing.ADJUSTMENT);
    }

    /** Those that are there, by where the fees stand. */
    public Map<Standing, Figure> figures() {
        return Map.copyOf(figures);
    }

    private Figure of(Standing standing) {
        return figures.getOrDefault(standing, Figure.NONE);
    }
}
