package io.liveness.gateway.platform.export;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What a file holds. It is of one file alone. */
public interface Table {

    /**
     * A column of a file.
     *
     * @param width in characters, as a spreadsheet shows it
     * @param form how its values are written
     */
    record Column(String title, int width, Form form) {

        /** One of texts. */
        public Column(String title, int width) {
            this(title, width, TEXT);
        }
    }

    /** How the values of a column are written. */
    @FunctionalInterface
    interface Form {

        /** @param column of the value in the row */
        void write(Row row, int column, Cells cells);
    }

    Form TEXT = (row, column, cells) -> cells.text(row.text(column));
    Form TIME = (row, column, cells) -> cells.time(row.time(column));
    Form NUMBER =
            (row, column, cells) -> cells.number(row.text(column) == null ? null : new BigDecimal(row.text(column)));

    /** What the rows are: the name of the sheet. */
    String name();

    /** The name of the file without its ending. @param madeAt the time, as file names have it */
    default String fileName(String madeAt) {
        return name() + "-" + madeAt;
    }

    /** Which rows they are, for the log: nothing that is secret. */
    String description();

    List<Column> columns();

    /** The query for all rows, in their order. Its first columns are those of the file; others are for {@link #write}. */
    String rows(Connection connection) throws SQLException;

    /** Writes a row, and adds it to totals. */
    default void write(Row row, Cells cells) {
        List<Column> columns = columns();
        for (int at = 0; at < columns.size(); at++) {
            columns.get(at).form().write(row, at, cells);
        }
        cells.endRow();
    }

    /** Whether its totals are known when its rows are, so that they come before them. */
    default boolean hasCover() {
        return false;
    }

    /** Writes totals, for file types with more than one sheet: on a cover, or after the last row. */
    void summarize(Cells cells);
}
