package io.liveness.gateway.bill.read;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.liveness.gateway.bill.read.Mapping.Field;
import io.liveness.gateway.books.BillDetail.Code;
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
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A CSV file (RFC 4180) whose character set is known; its separator is found: a comma, a semicolon, a tab or a bar. Rows of more than 64 KB
 * or 256 cells are refused, quotes never closed too.
 */
public final class CsvRows implements Iterator<RawRow> {

    private static final char COMMA = ',';
    private static final List<Character> SEPARATORS = List.of(COMMA, ';', '\t', '|');
    private static final int HEAD = 64 * 1024;
    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final int MAX_CELLS = 256;
    private static final int MAX_ROW = 64 * 1024;

    private final CloseableIterator<CsvRecord> records;
    private final Optional<PartedNumbers> parted;
    private long line;
    private RawRow next;

    CsvRows(Reader csv, char separator) {
        this(csv, separator, Optional.empty());
    }

    private CsvRows(Reader csv, char separator, Optional<PartedNumbers> parted) {
        this.parted = parted;
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
        String head = head(text);
        char separator = separator(head, mapping);
        return new CsvRows(
                text, separator, separator == COMMA ? Optional.of(PartedNumbers.in(head, mapping)) : Optional.empty());
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
            List<String> cells = record.getFields();
            RawRow row = new RawRow(
                    Math.toIntExact(line),
                    cells,
                    parted.map(numbers -> numbers.broken(cells)).orElse(Map.of()));
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

    /**
     * Numbers such as 1,234.50 that are not in quotes. Their row has a cell more than the others, which an empty cell at its end hides, or
     * one at its end that was left out.
     *
     * @param amount the column of the amounts, or of the prices
     * @param isFollowed whether the column behind them is one of the mapping, or has numbers of its own
     * @param header how many cells the header has
     * @param fewest how many cells a line has at least
     */
    private record PartedNumbers(int amount, boolean isFollowed, int header, int fewest) {

        private static final Pattern BEGIN = Pattern.compile("[^\\d.]{0,5}[1-9]\\d{0,2}");
        private static final Pattern REST = Pattern.compile("\\d{3}(\\.\\d{1,8})?\\D{0,5}");
        private static final Pattern NUMBER = Pattern.compile("[^\\d.]{0,5}\\d+(\\.\\d+)?\\D{0,5}");

        /** Looks at the first rows. */
        static PartedNumbers in(String head, Mapping mapping) {
            CsvRows rows = new CsvRows(new StringReader(head), COMMA);
            Header header = Header.in(rows, mapping);
            Map<Field, Integer> columns = header.columns();
            int amount = columns.getOrDefault(Field.AMOUNT, columns.getOrDefault(Field.PRICE, 0));
            boolean isFollowed = columns.containsValue(amount + 1);
            int fewest = Integer.MAX_VALUE;
            try {
                while (rows.hasNext()) {
                    RawRow row = rows.next();
                    if (header.isFilledBy(row)) {
                        isFollowed |= !isParted(row.cells(), amount)
                                && NUMBER.matcher(row.bareCell(amount + 1)).matches();
                        fewest = hasParted(row.cells())
                                ? fewest
                                : Math.min(fewest, row.cells().size());
                    }
                }
            } catch (ProblemException brokenFurtherOn) {
                // The head may be cut off in quotes; what is broken itself is refused when it is read.
            }
            return new PartedNumbers(
                    amount, isFollowed, header.cells(), fewest == Integer.MAX_VALUE ? header.cells() : fewest);
        }

        Map<Integer, Code> broken(List<String> cells) {
            return isParted(cells) ? Map.of(amount, Code.CELL_PARTED) : Map.of();
        }

        private boolean isParted(List<String> cells) {
            if (cells.size() > Math.max(header, fewest)) {
                return hasParted(cells);
            }
            // A code of three digits may stand behind an amount where all lines have as many cells.
            return !isFollowed
                    && isParted(cells, amount)
                    && (cells.size() > fewest || cells.get(amount + 1).indexOf('.') > 0);
        }

        private static boolean hasParted(List<String> cells) {
            return IntStream.range(0, cells.size() - 1).anyMatch(column -> isParted(cells, column));
        }

        private static boolean isParted(List<String> cells, int column) {
            if (column + 1 >= cells.size() || cells.get(column).isEmpty()) {
                return false;
            }
            String rest = cells.get(column + 1).stripTrailing();
            // Nearly all are no such rest, which is found without a pattern.
            return rest.length() >= 3
                    && isDigit(rest.charAt(0))
                    && REST.matcher(rest).matches()
                    && BEGIN.matcher(cells.get(column).strip()).matches();
        }

        private static boolean isDigit(char character) {
            return character >= '0' && character <= '9';
        }
    }
}
