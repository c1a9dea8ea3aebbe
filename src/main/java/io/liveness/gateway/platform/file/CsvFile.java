package io.liveness.gateway.platform.file;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** CSV in the form of its table. Times are of ISO 8601 with their offset. */
final class CsvFile implements TableFile {

    private static final int A_MILLI_OF_NANOS = 1_000_000;
    private static final int A_SECOND_OF_MILLIS = 1_000;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    /** Characters that are sent together. */
    private static final int PART = 64 * 1024;

    private final OutputStream out;
    private final Table table;
    private final CsvForm form;
    private final ZoneId zone;
    private final CsvWriter rows;
    private final StringBuilder text = new StringBuilder();
    private final List<String> row = new ArrayList<>();
    private LocalDate day = LocalDate.MIN;
    private String dayText;

    CsvFile(OutputStream out, Table table, ZoneId zone) {
        this.out = out;
        this.table = table;
        this.form = table.csv();
        this.zone = zone;
        this.rows = CsvWriter.builder()
                .fieldSeparator(form.delimiter())
                .lineDelimiter(LineDelimiter.of(form.lineEnd()))
                .bufferSize(PART)
                .build(out, form.charset());
    }

    @Override
    public void begin() throws IOException {
        String beginning = (form.marked() ? BYTE_ORDER_MARK : "")
                + form.firstLine().map(line -> line + form.lineEnd()).orElse("");
        out.write(beginning.getBytes(form.charset()));
        if (form.header()) {
            table.columns().forEach(column -> text(column.title()));
            endRow();
        }
    }

    @Override
    public void text(String value) {
        row.add(value == null ? null : table.guarded(value));
    }

    @Override
    public void number(BigDecimal value) {
        row.add(value == null ? null : value.toPlainString());
    }

    /**
     * Writes the form of {@link java.time.format.DateTimeFormatter#ISO_OFFSET_DATE_TIME} by hand: that formatter costs more than all else
     * of a row.
     */
    @Override
    public void time(Instant value) {
        row.add(value == null ? null : text(OffsetDateTime.ofInstant(value, zone)));
    }

    private String text(OffsetDateTime time) {
        text.setLength(0);
        if (!time.toLocalDate().equals(day)) {
            day = time.toLocalDate();
            dayText = day + "T";
        }
        text.append(dayText);
        twoDigits(time.getHour()).append(':');
        twoDigits(time.getMinute()).append(':');
        twoDigits(time.getSecond());
        int millis = time.getNano() / A_MILLI_OF_NANOS;
        if (millis > 0) {
            int end = text.append('.').append(millis + A_SECOND_OF_MILLIS).length();
            // A one in front of three digits.
            text.deleteCharAt(end - 4);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text.append(time.getOffset().getId()).toString();
    }

    private StringBuilder twoDigits(int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    @Override
    public void endRow() {
        rows.writeRecord(row);
        row.clear();
    }

    @Override
    public void end() throws IOException {
        rows.flush();
    }
}
