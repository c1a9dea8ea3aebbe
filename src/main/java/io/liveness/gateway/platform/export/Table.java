package io.liveness.gateway.platform.export;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * What a file holds. It is of one file alone. One thread reads its rows, another one writes them.
 *
 * @param <R> a row
 */
public interface Table<R> {

    /** @param width in characters, as a spreadsheet shows it */
    record Column(String title, int width) {}

    /** What the rows are: the name of the sheet. */
    String name();

    /** The name of the file without its ending. @param madeAt the time, as file names have it */
    default String fileName(String madeAt) {
        return name() + "-" + madeAt;
    }

    /** Which rows they are, for the log: nothing that is secret. */
    String description();

    List<Column> columns();

    /** How many rows are read at a time; some of these portions are in memory. */
    default int portion() {
        return 2_000;
    }

    /** The statement that answers all rows, in their order. */
    PreparedStatement rows(Connection connection) throws SQLException;

    /** The row that a result stands at. */
    R read(ResultSet row) throws SQLException;

    void write(R row, Cells cells);

    /** Whether its totals are known when its rows are, so that they come before them. */
    default boolean hasCover() {
        return false;
    }

    /** Writes totals, for file types with more than one sheet: on a cover, or after the last row. */
    void summarize(Cells cells);
}
