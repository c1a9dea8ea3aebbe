package io.liveness.gateway.finance.summary;

import java.util.EnumMap;
import java.util.Map;

/** Fees of one currency by where they stand. What was pre-deducted is the sum of the others but adjustments. */
final class Sums {

    private final Map<Standing, Figure> figures = new EnumMap<>(Standing.class);

    void add(Standing standing, Figure figure) {
        figures.merge(standing, figure, Figure::plus);
    }

    Figure preDeducted() {
        return charged().plus(refunded()).plus(open()).plus(unconfirmed());
    }

    Figure charged() {
        return of(Standing.CHARGED);
    }

    /** Those that are presumed included. */
    Figure refunded() {
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

    Figure adjusted() {
        return of(Standing.ADJUSTMENT);
    }

    private Figure of(Standing standing) {
        return figures.getOrDefault(standing, Figure.NONE);
    }
}
