package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.reading.RawRow;
import java.util.Iterator;

/** A workbook whose first sheet is read row by row. */
public final class XlsxFile implements AutoCloseable {

    private final Xml sheet;
    private final Iterator<RawRow> rows;

    private XlsxFile(Xml sheet, Iterator<RawRow> rows) {
        this.sheet = sheet;
        this.rows = rows;
    }

    /**
     * Opens a file. To be used on a thread that may wait.
     *
     * @param mapping its form of dates
     * @param mostInflated limit of the inflated bytes of all parts
     * @throws ProblemException when it is not a readable workbook
     */
    public static XlsxFile open(StoredFile file, Mapping mapping, long mostInflated) {
        ZipParts zip = new ZipParts(file, new Inflation(mostInflated));
        Workbook book = Workbook.of(zip);
        SharedStrings strings = SharedStrings.of(book.strings(), zip);
        Styles styles = Styles.of(book.styles(), zip);
        Xml sheet = zip.xml(book.sheet()).orElseThrow();
        Numbers numbers = new Numbers(mapping, book.from1904());
        return new XlsxFile(sheet, new SheetRows(sheet, new SheetCell(sheet, strings, styles, numbers)));
    }

    /** The rows of the first sheet that can be seen, each once. They throw a {@link ProblemException} where the file is damaged. */
    public Iterator<RawRow> rows() {
        return rows;
    }

    @Override
    public void close() {
        sheet.close();
    }
}
