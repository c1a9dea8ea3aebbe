package io.liveness.gateway.platform.export;

import java.math.BigDecimal;
import java.time.Instant;

/** Takes the cells of a table, from left to right and row by row. */
public interface Cells {

    /** A text, guarded against being taken for a formula. @param value null for an empty cell */
    void text(String value);

    /**
     * A number.
     *
     * @param digits of its fraction that are shown
     */
    void number(BigDecimal value, int digits);

    /** A time, in the zone of the file. @param value null for an empty cell */
    void time(Instant value);

    /** A part of a file that is sent as it is stored. */
    default void bytes(byte[] part) {
        throw new UnsupportedOperationException("Only a file that is stored has parts");
    }

    /** The row is complete. */
    void endRow();
}
