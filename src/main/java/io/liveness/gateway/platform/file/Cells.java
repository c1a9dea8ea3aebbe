package io.liveness.gateway.platform.file;

import java.math.BigDecimal;
import java.time.Instant;

/** Takes the cells of a table, from left to right and row by row. */
public interface Cells {

    /** A text, guarded against being taken for a formula. @param value null for an empty cell */
    default void text(String value) {
        throw new UnsupportedOperationException();
    }

    /** A number, shown with the digits of its scale. @param value null for an empty cell */
    default void number(BigDecimal value) {
        throw new UnsupportedOperationException();
    }

    /** A time, to the millisecond and in the zone of the file, unless its type has another form. @param value null for an empty cell */
    default void time(Instant value) {
        throw new UnsupportedOperationException();
    }

    /** The row is complete. */
    default void endRow() {
        throw new UnsupportedOperationException();
    }

    /** A whole row of texts. */
    default void row(String... values) {
        for (String value : values) {
            text(value);
        }
        endRow();
    }

    /** A whole row of a name and a time. */
    default void row(String name, Instant time) {
        text(name);
        time(time);
        endRow();
    }
}
