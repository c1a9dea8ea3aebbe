package io.liveness.gateway.statement.reading;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.Reader;
import java.util.Iterator;

/** The rows of a CSV file (RFC 4180), read as they come. Rows of more than 64 KB or 256 cells are refused, quotes never closed too. */
final class CsvRows implements Iterator<RawRow> {

    private static final int MAX_CELLS = 256;
    private static final int MAX_ROW = 64 * 1024;

    private final CloseableIterator<CsvRecord> records;
    private long line;
    private RawRow next;

    CsvRows(Reader csv, char separator) {
        this.records = CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(false)
                .allowUnclosedQuote(false)
                .maxBufferSize(2 * MAX_ROW)
                .build(
                        CsvRecordHandler.of(limits -> limits.maxFields(MAX_CELLS)
                                .maxFieldSize(MAX_ROW)
                                .maxRecordSize(MAX_ROW)),
                        csv)
                .iterator();
    }

    @Override
    public boolean hasNext() {
        while (next == null && more()) {
            CsvRecord record = records.next();
            line = record.getStartingLineNumber();
            RawRow row = new RawRow(Math.toIntExact(line), record.getFields());
            next = row.isBlank() ? null : row;
        }
        return next != null;
    }

    private boolean more() {
        try {
            return records.hasNext();
        } catch (CsvParseException e) {
            throw ProblemException.invalid(
                    "line " + (line + 1),
                    "is not CSV from here on: a quote is not closed or is followed by other text, or a row has more than "
                            + MAX_CELLS + " cells or " + MAX_ROW + " characters");
        }
    }

    @Override
    public RawRow next() {
        hasNext();
        RawRow row = next;
        next = null;
        return row;
    }
}
