package io.liveness.gateway.platform.file;

import io.liveness.gateway.platform.file.Table.Column;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * XLSX: a sheet with the rows, as many more as they need, and one that sums them up, behind them or as their cover. The first different
 * texts of each column are shared by their cells, which makes the file smaller and faster; all others stand in their cells.
 */
final class XlsxFile implements TableFile {

    private static final String APPLICATION = "liveness-gateway";
    private static final String TIME = "yyyy-mm-dd hh:mm:ss";
    /** The mark in place of the digits of a number. */
    private static final int OF_TIME = -1;

    /** Rows that are in memory. */
    private static final int PORTION = 2_000;

    private static final int WIDTH_OF_SUMMARY = 26;
    private static final int COLUMNS_OF_SUMMARY = 6;
    /** Different texts of a column that stand in the table of shared strings, which is held in memory. */
    private static final int MOST_SHARED = 200;

    /** The days from the day 0 of spreadsheets to 1970. */
    private static final long DAYS_BEFORE_1970 = 25_569;

    private static final long SECONDS_OF_A_DAY = 86_400;
    private static final int DIGITS_OF_DAYS = 11;
    private static final long A_DAY = 100_000_000_000L;

    private final Table table;
    private final ZoneId zone;
    private final int rowsOfASheet;
    private final OutputStream out;
    /** The workbook until its time is set; nothing where it has the present one. */
    private final ByteArrayOutputStream untimed = new ByteArrayOutputStream();

    private final Workbook book;
    /** Formats of the rows since the last flush, by column: set for many cells at once, which costs far less. */
    private final Map<Integer, FormatRun> formats = new TreeMap<>();

    private final Map<Integer, Set<String>> shared = new HashMap<>();

    private Worksheet sheet;
    private int sheets;
    private int row;
    private int column;

    /**
     * @param digits of numbers, or {@link #OF_TIME}
     * @param from the first row with the format
     */
    private record FormatRun(int digits, int from) {

        String format() {
            return digits == OF_TIME ? TIME : digits > 0 ? "0." + "0".repeat(digits) : "0";
        }
    }

    XlsxFile(OutputStream out, Table table, ZoneId zone) {
        this(out, table, zone, Worksheet.MAX_ROWS);
    }

    XlsxFile(OutputStream out, Table table, ZoneId zone, int rowsOfASheet) {
        this.table = table;
        this.zone = zone;
        this.rowsOfASheet = rowsOfASheet;
        this.out = out;
        this.book = new Workbook(table.madeAt().isPresent() ? untimed : out, APPLICATION, null);
        // Compressing costs more than all else: this way half of the whole, for a file that is a seventh larger.
        this.book.setCompressionLevel(Deflater.BEST_SPEED);
    }

    @Override
    public void begin() throws IOException {
        if (sheets == 0 && table.hasCover()) {
            summarize("cover");
        }
        sheets++;
        sheet = book.newWorksheet(sheets == 1 ? table.name() : table.name() + " " + sheets);
        List<Column> columns = table.columns();
        for (int at = 0; at < columns.size(); at++) {
            sheet.inlineString(0, at, columns.get(at).title());
            sheet.width(at, columns.get(at).width());
        }
        sheet.range(0, 0, 0, columns.size() - 1).style().bold().set();
        sheet.freezePane(0, 1);
        row = 1;
    }

    @Override
    public void text(String value) {
        makeRoom();
        if (value != null) {
            String text = XlsxText.of(table.guarded(value));
            if (isShared(text)) {
                sheet.value(row, column, text);
            } else {
                sheet.inlineString(row, column, text);
            }
        }
        column++;
    }

    @Override
    public void number(BigDecimal value) {
        makeRoom();
        if (value != null) {
            sheet.value(row, column, value);
            format(value.scale());
        }
        column++;
    }

    @Override
    public void time(Instant value) {
        makeRoom();
        if (value != null) {
            sheet.value(row, column, days(value));
            format(OF_TIME);
        }
        column++;
    }

    private boolean isShared(String text) {
        Set<String> texts = shared.computeIfAbsent(column, any -> new HashSet<>());
        return texts.contains(text) || texts.size() < MOST_SHARED && texts.add(text);
    }

    /** What a spreadsheet has for a time: days on the clock of the zone. */
    private BigDecimal days(Instant time) {
        long seconds = time.getEpochSecond() + zone.getRules().getOffset(time).getTotalSeconds();
        long days = Math.floorDiv(seconds, SECONDS_OF_A_DAY) + DAYS_BEFORE_1970;
        long ofDay = Math.floorMod(seconds, SECONDS_OF_A_DAY) * A_DAY + time.getNano() / 1_000_000 * (A_DAY / 1_000);
        return BigDecimal.valueOf(days * A_DAY + ofDay / SECONDS_OF_A_DAY, DIGITS_OF_DAYS);
    }

    @Override
    public void endRow() {
        row++;
        column = 0;
        if (row % PORTION == 0) {
            TableFile.write(() -> {
                setFormats();
                sheet.flush();
            });
        }
    }

    private void format(int digits) {
        FormatRun run = formats.get(column);
        if (run == null || run.digits != digits) {
            set(column, run);
            formats.put(column, new FormatRun(digits, row));
        }
    }

    private void set(int of, FormatRun run) {
        if (run != null && run.from < row) {
            sheet.range(run.from, of, row - 1, of).style().format(run.format()).set();
        }
    }

    private void setFormats() {
        formats.forEach(this::set);
        formats.clear();
    }

    private void makeRoom() {
        if (column == 0 && row == rowsOfASheet) {
            TableFile.write(() -> {
                finishSheet();
                begin();
            });
        }
    }

    private void finishSheet() throws IOException {
        setFormats();
        sheet.setAutoFilter(0, 0, row - 1, table.columns().size() - 1);
        sheet.finish();
    }

    @Override
    public void end() throws IOException {
        finishSheet();
        if (!table.hasCover()) {
            summarize("summary");
        }
        book.finish();
        if (table.madeAt().isPresent()) {
            WorkbookTime.set(untimed.toByteArray(), table.madeAt().get(), out);
        }
    }

    private void summarize(String name) throws IOException {
        sheet = book.newWorksheet(name);
        for (int at = 0; at < COLUMNS_OF_SUMMARY; at++) {
            sheet.width(at, WIDTH_OF_SUMMARY);
        }
        row = 0;
        table.summarize(this);
        setFormats();
        sheet.finish();
    }
}
