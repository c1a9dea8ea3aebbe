package io.liveness.gateway.statement.matching;

import java.util.UUID;

/**
 * The ids of a statement's results: the first 22 digits of its own, then ten of the place in the order in which they are listed. Totals
 * come first, then each line has four places, and behind all lines each fee without one has a place.
 */
public record ResultIds(UUID statement) {

    private static final int LINE = 4;
    private static final long WITHOUT_LINE = 1L << 36;
    private static final long PLACES = (1L << 40) - 1;

    public UUID first() {
        return at(0);
    }

    public UUID last() {
        return at(PLACES);
    }

    UUID ofTotal(int nth) {
        return at(nth);
    }

    /** @param nth of the results of this line */
    UUID ofLine(int line, int nth) {
        return at((long) line * LINE + nth);
    }

    UUID withoutLine(int nth) {
        return at(WITHOUT_LINE + nth);
    }

    private UUID at(long place) {
        return new UUID(statement.getMostSignificantBits(), statement.getLeastSignificantBits() & ~PLACES | place);
    }
}
