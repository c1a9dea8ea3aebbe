package io.liveness.gateway.bill.read;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A CSV file (RFC 4180) whose character set is known; its separator is found: a comma, a semicolon or a tab. Rows of more than 64 KB or 256
 * cells are refused, quotes never closed too.
 */
public final class CsvRows implements Iterator<RawRow> {

    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');
    private static final int HEAD = 64 * 1024;
    private static final char BYTE_ORDER_MARK = '\ufeff';
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

    /**
     * The rows of a file, read as they come.
     *
     * @param mapping its header decides the separator
     * @throws ProblemException when no separator leads to a header
     */
    public static Iterator<RawRow> rows(InputStream file, Charset charset, Mapping mapping) throws IOException {
        BufferedReader text = text(file, charset);
        return new CsvRows(text, separator(head(text), mapping));
    }

    /** The mapping that a file seems to have, see {@link GuessMapping#in}. */
    public static Optional<Mapping> guess(InputStream file, Charset charset, Mapping base) throws IOException {
        String head = head(text(file, charset));
        String rows = head.length() < HEAD ? head : head.substring(0, head.lastIndexOf('\n') + 1);
        return SEPARATORS.stream()
                .flatMap(separator -> guess(rows, separator, base).stream())
                .findFirst();
    }

    private static Optional<Mapping> guess(String rows, char separator, Mapping base) {
        try {
            return GuessMapping.in(new CsvRows(new StringReader(rows), separator), base);
        } catch (ProblemException notCsv) {
            return Optional.empty();
        }
    }

    private static BufferedReader text(InputStream file, Charset charset) throws IOException {
        BufferedReader text = new BufferedReader(
                new InputStreamReader(
                        file,
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                HEAD);
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    /** The first rows whole, which are read again. */
    private static String head(BufferedReader text) throws IOException {
        text.mark(HEAD);
        char[] head = new char[HEAD];
        int length = 0;
        int read;
        while (length < HEAD && (read = text.read(head, length, HEAD - length)) > 0) {
            length += read;
        }
        text.reset();
        return new String(head, 0, length);
    }

    private static char separator(String head, Mapping mapping) {
        ProblemException first = null;
        for (char separator : SEPARATORS) {
            try {
                Header.in(new CsvRows(new StringReader(head), separator), mapping);
                return separator;
            } catch (ProblemException none) {
                first = first == null ? none : first;
            }
        }
        throw first;
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
                    "csv-broken",
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
