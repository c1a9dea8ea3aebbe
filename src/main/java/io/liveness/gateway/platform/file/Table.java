package io.liveness.gateway.platform.file;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a file holds. It is of one file alone. */
public abstract class Table {

    /**
     * A column of a file.
     *
     * @param width in characters, as a spreadsheet shows it
     * @param form how its values are written
     */
    public record Column(String title, int width, Form form) {

        /** One of texts. */
        public Column(String title, int width) {
            this(title, width, TEXT);
        }
    }

    /** How the values of a column are written. */
    @FunctionalInterface
    public interface Form {

        /** @param column of the value in the row */
        void write(Row row, int column, Cells cells);
    }

    public static final Form TEXT = (row, column, cells) -> cells.text(row.text(column));
    public static final Form TIME = (row, column, cells) -> cells.time(row.time(column));
    public static final Form NUMBER =
            (row, column, cells) -> cells.number(row.text(column) == null ? null : new BigDecimal(row.text(column)));

    private final String name;
    private final String description;
    private final List<Column> columns;

    /**
     * @param name of the rows, and of the sheet
     * @param description which rows they are, for the log: nothing that is secret
     */
    protected Table(String name, String description, List<Column> columns) {
        this.name = name;
        this.description = description;
        this.columns = columns;
    }

    public final String name() {
        return name;
    }

    final String description() {
        return description;
    }

    protected final List<Column> columns() {
        return columns;
    }

    /** The name of the file without its ending. @param madeAt the time, as file names have it */
    public String fileName(String madeAt) {
        return name() + "-" + madeAt;
    }

    /** The whole name of the file. */
    protected String fileName(String madeAt, FileType type) {
        return fileName(madeAt) + "." + type.label();
    }

    protected String mediaType(FileType type) {
        return type.contentType(this);
    }

    /** The form of it as CSV. */
    public CsvForm csv() {
        return CsvForm.STANDARD;
    }

    /** The time that a workbook has as that of its making: with one, the same rows are the same bytes. Empty for the present time. */
    public Optional<Instant> madeAt() {
        return Optional.empty();
    }

    /** A text as a file has it, which no spreadsheet takes for a formula. */
    protected String guarded(String text) {
        return FormulaGuard.guard(text);
    }

    /** The query for all rows, in their order. Its first columns are those of the file; others are for {@link #write}. */
    public abstract String rows(Connection connection) throws SQLException;

    /** Writes a row, and adds it to totals. */
    public void write(Row row, Cells cells) {
        for (int at = 0; at < columns.size(); at++) {
            columns.get(at).form().write(row, at, cells);
        }
        cells.endRow();
    }

    /** Whether its totals are known when its rows are, so that they come before them. */
    public boolean hasCover() {
        return false;
    }

    /** Writes totals, for file types with more than one sheet: on a cover, or after the last row. */
    public void summarize(Cells cells) {}
}
