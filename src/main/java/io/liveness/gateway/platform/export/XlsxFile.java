package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.export.Table.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * XLSX: a sheet with the rows, as many more as they need, and one that sums them up, behind them or as their cover. Texts stand in their
 * cells, not in the table of shared strings, which would keep every one of them in memory.
 */
final class XlsxFile implements TableFile {

    private static final String APPLICATION = "liveness-gateway";
    private static final String TIME = "yyyy-mm-dd hh:mm:ss";
    private static final int WIDTH_OF_SUMMARY = 26;
    private static final int COLUMNS_OF_SUMMARY = 6;

    private final Table<?> table;
    private final ZoneId zone;
    private final int rowsOfASheet;
    private final Workbook book;
    /** Formats of the rows since the last flush, by column: set for many cells at once, which costs far less. */
    private final Map<Integer, FormatRun> formats = new TreeMap<>();

    private Worksheet sheet;
    private int sheets;
    private int row;
    private int column;

    /** @param from the first row with the format */
    private record FormatRun(String format, int from) {}

    XlsxFile(OutputStream out, Table<?> table, ZoneId zone) {
        this(out, table, zone, Worksheet.MAX_ROWS);
    }

    XlsxFile(OutputStream out, Table<?> table, ZoneId zone, int rowsOfASheet) {
        this.table = table;
        this.zone = zone;
        this.rowsOfASheet = rowsOfASheet;
        this.book = new Workbook(out, APPLICATION, null);
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
            sheet.inlineString(row, column, XlsxText.of(FormulaGuard.guard(value)));
        }
        column++;
    }

    @Override
    public void number(BigDecimal value, int digits) {
        makeRoom();
        sheet.value(row, column, value);
        format(digits > 0 ? "0." + "0".repeat(digits) : "0");
        column++;
    }

    @Override
    public void time(Instant value) {
        makeRoom();
        if (value != null) {
            sheet.value(row, column, LocalDateTime.ofInstant(value, zone));
        }
        format(TIME);
        column++;
    }

    @Override
    public void endRow() {
        row++;
        column = 0;
    }

    private void format(String format) {
        FormatRun run = formats.get(column);
        if (run == null || !run.format.equals(format)) {
            set(column, run);
            formats.put(column, new FormatRun(format, row));
        }
    }

    private void set(int of, FormatRun run) {
        if (run != null && run.from < row) {
            sheet.range(run.from, of, row - 1, of).style().format(run.format).set();
        }
    }

    private void setFormats() {
        formats.forEach(this::set);
        formats.clear();
    }

    private void makeRoom() {
        if (column > 0 || row < rowsOfASheet) {
            return;
        }
        try {
            finishSheet();
            begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void finishSheet() throws IOException {
        setFormats();
        sheet.setAutoFilter(0, 0, row - 1, table.columns().size() - 1);
        sheet.finish();
    }

    @Override
    public void flush() throws IOException {
        setFormats();
        sheet.flush();
    }

    @Override
    public void end() throws IOException {
        finishSheet();
        if (!table.hasCover()) {
            summarize("summary");
        }
        book.finish();
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
