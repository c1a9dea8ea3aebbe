package io.liveness.gateway.bill.read;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.bill.read.GuardedWorkbook.Limits;
import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.platform.file.XlsxText;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.dhatim.fastexcel.reader.SheetVisibility;

/**
 * A workbook whose bill is read row by row. It is held in memory, compressed, with the texts that its cells share, so one is open at a time
 * in a process.
 */
public final class BillWorkbook implements AutoCloseable {

    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);
    private static final Duration SOON = Duration.ofSeconds(5);
    /** More than the days of a quarter, and few enough for the numbers of their lines. */
    private static final int MOST_SHEETS = 100;

    private static final int LONGEST_NAME = 64;
    private static final int MAX_ROWS = 1_048_576;
    private static final int MAX_CELLS = 256;
    private static final int MAX_ROW = 64 * 1024;

    /** Longer than two others may take one after the other. */
    public static final Duration LONGEST_WAIT = Limits.LONGEST.multipliedBy(2);

    private final WorkbookPlace place;
    private final Limits limits;
    /** The ids of sheets, see {@link GuardedWorkbook#uncalculated}. */
    private final Set<String> uncalculated;

    private final ReadableWorkbook book;
    /** The sheets that have rows, by whether they can be seen. */
    private final Map<Boolean, List<Sheet>> sheets;

    private Optional<SheetRows> reading = Optional.empty();

    private BillWorkbook(byte[] file, WorkbookPlace place, Limits limits) {
        GuardedWorkbook guarded = new GuardedWorkbook(file, limits);
        this.place = place;
        this.limits = limits;
        this.uncalculated = guarded.uncalculated();
        try {
            this.book = new ReadableWorkbook(guarded.zip(), new ReadingOptions(guarded.hasStyles(), true));
        } catch (IOException | RuntimeException e) {
            throw unreadable();
        }
        if (book.getSheets().count() > MOST_SHEETS) {
            throw ProblemException.invalid(
                    "body",
                    "too-many-sheets",
                    Map.of("most", String.valueOf(MOST_SHEETS)),
                    "has more than " + MOST_SHEETS + " sheets; send them in files of fewer sheets each");
        }
        this.sheets = book.getSheets()
                .filter(BillWorkbook::hasRows)
                .collect(Collectors.partitioningBy(sheet -> sheet.getVisibility() == SheetVisibility.VISIBLE));
        if (visible().isEmpty()) {
            throw hidden().stream()
                    .findFirst()
                    .map(BillWorkbook::hidden)
                    .orElseGet(() -> GuardedWorkbook.unreadable("is a workbook without a visible sheet"));
        }
    }

    private List<Sheet> visible() {
        return sheets.get(true);
    }

    private List<Sheet> hidden() {
        return sheets.get(false);
    }

    /** A sheet that is a chart is none for the library. */
    private static boolean hasRows(Sheet sheet) {
        try (Stream<Row> rows = sheet.openStream()) {
            return true;
        } catch (IOException | RuntimeException none) {
            return false;
        }
    }

    private static ProblemException unreadable() {
        return GuardedWorkbook.unreadable("is not readable as XLSX");
    }

    /** The place of the one workbook that may be open. It may be closed twice. */
    public static final class WorkbookPlace implements AutoCloseable {

        private final AtomicBoolean taken = new AtomicBoolean(true);

        private WorkbookPlace() {}

        @Override
        public void close() {
            if (taken.getAndSet(false)) {
                ONE_AT_A_TIME.release();
            }
        }
    }

    /**
     * Opens a file.
     *
     * @param place is left with the workbook, also when it cannot be opened
     * @throws ProblemException when it is not a readable workbook
     */
    public static BillWorkbook open(InputStream file, WorkbookPlace place) {
        return open(file, place, Limits.ofThisHeap());
    }

    static BillWorkbook open(InputStream file, WorkbookPlace place, Limits limits) {
        BillWorkbook book = null;
        try {
            limits.begin();
            book = new BillWorkbook(file.readAllBytes(), place, limits);
            return book;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (book == null) {
                place.close();
            }
        }
    }

    /**
     * Waits for the place; before a transaction is begun, which would wait too.
     *
     * @throws ProblemException {@code busy}, when another workbook is open longer than {@code wait}
     */
    public static WorkbookPlace place(Duration wait) {
        boolean taken = false;
        try {
            taken = ONE_AT_A_TIME.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!taken) {
            throw new ProblemException(
                            ProblemCode.BUSY,
                            "Another workbook is being read; send the file again after Retry-After seconds.")
                    .retryAfter(SOON);
        }
        return new WorkbookPlace();
    }

    /** The bytes of the largest file as it is sent. */
    public static int mostCompressed() {
        return Limits.mostCompressed();
    }

    /** The refusal of a file of more than {@link #mostCompressed} bytes. */
    public static ProblemException tooLarge() {
        return GuardedWorkbook.unreadable("is a workbook of more than " + Limits.mostCompressed()
                + " bytes; send it as CSV, or in parts of a shorter period");
    }

    /**
     * A visible sheet that has something in it.
     *
     * @param firstLine the number of the line that is its first row; null when the sheet has no header, and was passed over
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BillSheet(String name, Integer firstLine) {}

    /**
     * The rows of the visible sheets that have the header of the mapping, or of the first visible sheet when none has it, each row once.
     * They throw a {@link ProblemException} where the file is damaged.
     *
     * @param mapping its columns
     * @throws ProblemException when a sheet has lines that would be left out
     */
    public SheetRows rows(Mapping mapping) {
        for (Sheet sheet : hidden()) {
            if (look(sheet, rows -> Header.find(rows, mapping)).isPresent()) {
                throw hidden(sheet);
            }
        }
        Map<Sheet, Header> headers = new LinkedHashMap<>();
        visible()
                .forEach(sheet -> look(sheet, rows -> Header.find(rows, mapping))
                        .ifPresent(header -> headers.put(sheet, header)));
        for (Sheet sheet : visible()) {
            if (!headers.isEmpty()
                    && !headers.containsKey(sheet)
                    && look(sheet, rows -> hasLines(rows, mapping, headers.values()))) {
                throw ofSheet(
                        sheet,
                        "sheet-without-header",
                        "has lines in sheet " + name(sheet)
                                + ", which has no header: put the header into its first row, and save the file");
            }
        }
        SheetRows rows = new SheetRows(headers);
        reading = Optional.of(rows);
        return rows;
    }

    /** A spreadsheet gives it at most 31 characters; a longer one is cut. */
    private static String name(Sheet sheet) {
        return Optional.ofNullable(sheet.getName())
                .orElse("")
                .codePoints()
                .limit(LONGEST_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static ProblemException hidden(Sheet sheet) {
        return ofSheet(
                sheet,
                "sheet-hidden",
                "has a bill in sheet " + name(sheet)
                        + ", which is hidden: show that sheet, or remove it, and save the file");
    }

    private static ProblemException ofSheet(Sheet sheet, String code, String message) {
        return ProblemException.invalid("body", code, Map.of("sheet", name(sheet)), message);
    }

    /** Whether a line can be read by the header of another sheet, as where a list goes on. */
    private static boolean hasLines(Iterator<RawRow> rows, Mapping mapping, Collection<Header> headers) {
        List<StatementReader> readers = headers.stream()
                .map(header -> new StatementReader(mapping, header))
                .toList();
        for (int i = 0; i < Header.MOST_ROWS && rows.hasNext(); i++) {
            RawRow row = rows.next();
            if (readers.stream()
                    .anyMatch(reader -> reader.readable(row).problem().isEmpty())) {
                return true;
            }
        }
        return false;
    }

    private <T> T look(Sheet sheet, Function<Iterator<RawRow>, T> look) {
        try (Rows rows = new Rows(sheet, 0, "")) {
            return look.apply(rows);
        }
    }

    /** The mapping that the first visible sheet with one seems to have, see {@link GuessMapping#in}. */
    public Optional<Mapping> guess(Mapping base) {
        return visible().stream()
                .flatMap(sheet -> look(sheet, rows -> GuessMapping.in(rows, base)).stream())
                .findFirst();
    }

    @Override
    public void close() {
        try {
            reading.ifPresent(SheetRows::close);
            book.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            place.close();
        }
    }

    /** The rows of the bill, sheet by sheet. */
    public final class SheetRows implements Iterator<RawRow> {

        private final List<Sheet> bill;
        private final List<Header> headers;
        private Rows rows;
        private int nth;

        private SheetRows(Map<Sheet, Header> headers) {
            this.bill = headers.isEmpty() ? visible().subList(0, 1) : List.copyOf(headers.keySet());
            this.headers = List.copyOf(headers.values());
            this.rows = open();
        }

        private Rows open() {
            return new Rows(bill.get(nth), nth * RawRow.LINES_OF_A_SHEET, bill.size() == 1 ? "" : name(bill.get(nth)));
        }

        /** The visible sheets that have something in them, in their order. */
        public List<BillSheet> sheets() {
            return visible().stream()
                    .filter(sheet -> bill.contains(sheet) || look(sheet, Iterator::hasNext))
                    .map(sheet -> new BillSheet(
                            name(sheet),
                            bill.contains(sheet) ? bill.indexOf(sheet) * RawRow.LINES_OF_A_SHEET + 1 : null))
                    .toList();
        }

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && nth + 1 < bill.size()) {
                rows.close();
                nth++;
                rows = open();
                // What is above the header is no line of the sheet before.
                rows.passOver(headers.get(nth).line());
            }
            return rows.hasNext();
        }

        @Override
        public RawRow next() {
            hasNext();
            return rows.next();
        }

        private void close() {
            rows.close();
        }
    }

    /** The rows of a sheet that are not empty, under the limits of a CSV file's rows. */
    private final class Rows implements Iterator<RawRow>, AutoCloseable {

        private final CellText text;
        private final Stream<Row> stream;
        private final Spliterator<Row> rows;
        private final int before;
        private final String name;
        private int number;
        private RawRow next;

        /**
         * @param before the line before its first row
         * @param name of the sheet, where several have rows
         */
        Rows(Sheet sheet, int before, String name) {
            this.text = new CellText(uncalculated.contains(sheet.getId()));
            this.before = before;
            this.name = name;
            try {
                this.stream = sheet.openStream();
                this.rows = stream.spliterator();
            } catch (IOException e) {
                throw unreadable();
            }
        }

        /** @param row the first one that is not passed over */
        void passOver(int row) {
            while (hasNext() && number < row) {
                next = null;
            }
        }

        @Override
        public void close() {
            stream.close();
        }

        @Override
        public boolean hasNext() {
            boolean more = true;
            while (next == null && more) {
                limits.requireTime();
                more = advance();
            }
            return more;
        }

        @Override
        public RawRow next() {
            hasNext();
            RawRow row = next;
            next = null;
            return row;
        }

        private boolean advance() {
            try {
                return rows.tryAdvance(row -> next = row(row));
            } catch (ProblemException refused) {
                throw refused;
            } catch (RuntimeException unreadable) {
                // The library's own, of what is well-formed and means nothing.
                throw ProblemException.invalid(
                        RawRow.place(before + number + 1, name),
                        "workbook-unreadable",
                        "is not readable as XLSX from here on");
            }
        }

        /** Null when it is empty. */
        private RawRow row(Row row) {
            // The library numbers rows without a number from 0 on, whatever row they follow.
            number = Math.max(row.getRowNum(), number + 1);
            List<String> cells = new ArrayList<>();
            Map<Integer, Code> broken = new HashMap<>();
            int length = 0;
            for (Cell cell : row) {
                String content = cell == null ? "" : text.of(cell);
                if (content.isBlank()) {
                    continue;
                }
                int column = cell.getColumnIndex();
                length += content.length();
                if (number > MAX_ROWS || column >= MAX_CELLS || length > MAX_ROW) {
                    throw ProblemException.invalid(
                            RawRow.place(before + number, name),
                            "has more than " + MAX_CELLS + " cells or " + MAX_ROW + " characters, or is behind line "
                                    + MAX_ROWS);
                }
                while (cells.size() < column) {
                    cells.add("");
                }
                cells.add(content);
                if (text.broken() != null) {
                    broken.put(column, text.broken());
                }
            }
            return cells.isEmpty()
                    ? null
                    : new RawRow(before + number, Collections.unmodifiableList(cells), broken, name);
        }
    }

    /** The text that a CSV file has for a cell. */
    static final class CellText {

        /** A spreadsheet shows 15 digits; what is behind them is noise of binary fractions. */
        private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);

        private static final int MOST_DIGITS = 400;
        private static final BigDecimal LAST_DAY = BigDecimal.valueOf(2_958_466);
        private static final Pattern ERROR = Pattern.compile("#(N/A|[A-Z0-9_/]+[!?])");
        private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
        /** A form that is read whatever the mapping says, unless it has one that finds another day in it, as {@code yyyy-dd-MM HH:mm:ss}. */
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

        /** What is not part of a format itself: text in quotes, escapes, fillers, colours and currencies; fractions of a second. */
        private static final Pattern PASSED_OVER =
                Pattern.compile("\"[^\"]*\"?|\\\\.|[_*].|\\[[^\\]]*\\]?|[sS]\\.0+|General", Pattern.DOTALL);

        private static final Pattern OF_TIME = Pattern.compile("[yYmMdDhHsS]");
        private static final Pattern OF_NUMBER = Pattern.compile("[0#?]");

        private final boolean uncalculated;
        /** Whether a format shows a number as a date or time, by its number in the file. */
        private final Map<Integer, Boolean> dates = new HashMap<>();

        private Code broken;

        /** @param uncalculated whether the sheet has formulas with an empty value in place of none */
        CellText(boolean uncalculated) {
            this.uncalculated = uncalculated;
        }

        /** A formula counts for the value that was last worked out for it. */
        String of(Cell cell) {
            broken = null;
            Object value = cell.getValue();
            if (value == null) {
                return withoutValue(cell);
            }
            if (value instanceof BigDecimal number) {
                return isDate(cell) ? time(cell, number) : number(number, cell.getRawValue());
            }
            if (value instanceof Boolean flag) {
                return flag ? "TRUE" : "FALSE";
            }
            String text = XlsxText.read(value.toString());
            if (cell.getType() != CellType.STRING && ERROR.matcher(text).matches()) {
                broken = Code.CELL_ERROR;
            }
            return text;
        }

        /** Why the cell that was read last cannot be used; null when it can. */
        Code broken() {
            return broken;
        }

        private String withoutValue(Cell cell) {
            String raw = Optional.ofNullable(cell.getRawValue()).orElse("");
            boolean none = cell.getRawValue() == null || uncalculated && raw.isEmpty();
            if (none && cell.getType() == CellType.FORMULA && cell.getFormula() != null) {
                broken = Code.CELL_NOT_CALCULATED;
                return "=" + cell.getFormula();
            }
            return raw;
        }

        private boolean isDate(Cell cell) {
            Integer format = cell.getDataFormatId();
            return format != null
                    && dates.computeIfAbsent(
                            format, any -> isBuiltIn(format) || isDateFormat(cell.getDataFormatString()));
        }

        /**
         * A built-in date format is not written in the file: ECMA-376, part 1, 18.8.30, with the forms of China, Japan
         * and Korea.
         */
        private static boolean isBuiltIn(int format) {
            return format >= 14 && format <= 22
                    || format >= 27 && format <= 36
                    || format >= 45 && format <= 47
                    || format >= 50 && format <= 58;
        }

        /** @param code null for an unknown one */
        static boolean isDateFormat(String code) {
            if (code == null) {
                return false;
            }
            String form = PASSED_OVER.matcher(code).replaceAll("").split(";", 2)[0];
            // In [h]:mm the hours are in brackets; the minutes are not.
            return OF_TIME.matcher(form).find() && !OF_NUMBER.matcher(form).find();
        }

        /**
         * Without an exponent and zeros at the end. One of more than 15 digits before the point keeps its exponent: a spreadsheet has rounded
         * it.
         */
        private static String number(BigDecimal given, String raw) {
            if (Math.abs((long) given.scale()) > MOST_DIGITS) {
                return raw;
            }
            BigDecimal number = given.round(SHOWN).stripTrailingZeros();
            int whole = number.precision() - number.scale();
            if (whole <= SHOWN.getPrecision()) {
                return number.toPlainString();
            }
            String digits = number.unscaledValue().abs().toString();
            return (number.signum() < 0 ? "-" : "")
                    + digits.charAt(0)
                    + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + "E+" + (whole - 1);
        }

        /** A day and time, or a time of day; as a number when it is neither. */
        private String time(Cell cell, BigDecimal days) {
            if (days.signum() < 0 || days.compareTo(LAST_DAY) >= 0) {
                return number(days, cell.getRawValue());
            }
            return (days.compareTo(BigDecimal.ONE) < 0 ? TIME_OF_DAY : TIME).format(cell.asDate());
        }
    }
}
