package io.liveness.gateway.platform.export;

import io.vertx.sqlclient.Row;
import java.util.List;

/** What a file holds. One thread at a time works with it, and it is of one file alone. */
public interface Table {

    /** What becomes of a row that was read. */
    enum Read {
        /** It is a row of the table. */
        WRITTEN,
        /** It does not belong to the table. */
        SKIPPED,
        /** It lies behind the last row of the table. */
        END
    }

    /** @param width in characters, as a spreadsheet shows it */
    record Column(String title, int width) {}

    /** What the rows are: the beginning of the file's name, the name of its sheet. */
    String name();

    /** Which rows they are, for the log: nothing that is secret. */
    String description();

    List<Column> columns();

    /** Writes a row, if it is one of the table. */
    Read write(Row row, Cells cells);

    /** Writes totals after the last row, for file types with a second sheet. */
    void summarize(Cells cells);
}
