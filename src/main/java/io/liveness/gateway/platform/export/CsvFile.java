package io.liveness.gateway.platform.export;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.liveness.gateway.platform.export.Table.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** CSV by RFC 4180, in UTF-8 with a byte order mark, by which spreadsheets know it. Times are of ISO 8601 with their offset. */
final class CsvFile implements TableFile {

    private static final int A_SECOND_OF_NANOS = 1_000_000_000;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final OutputStream out;
    private final Table<?> table;
    private final ZoneId zone;
    private final CsvWriter csv;
    private CsvWriter.CsvWriterRecord row;

    CsvFile(OutputStream out, Table<?> table, ZoneId zone) {
        this.out = out;
        this.table = table;
        this.zone = zone;
        this.csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(out, StandardCharsets.UTF_8);
    }

    @Override
    public void begin() throws IOException {
        out.write(BYTE_ORDER_MARK);
        csv.writeRecord(table.columns().stream().map(Column::title).toList());
    }

    @Override
    public void text(String value) {
        field(value == null ? null : FormulaGuard.guard(value));
    }

    @Override
    public void number(BigDecimal value, int digits) {
        field(value.toPlainString());
    }

    @Override
    public void time(Instant value) {
        field(value == null ? null : iso(OffsetDateTime.ofInstant(value, zone)));
    }

    /** As {@link java.time.format.DateTimeFormatter#ISO_OFFSET_DATE_TIME}, which costs more than all else of a row. */
    private static String iso(OffsetDateTime time) {
        StringBuilder text = new StringBuilder("2026-10-31T23:59:58.123456789+08:00".length());
        text.append(time.toLocalDate()).append('T');
        twoDigits(text, time.getHour()).append(':');
        twoDigits(text, time.getMinute()).append(':');
        twoDigits(text, time.getSecond());
        if (time.getNano() > 0) {
            int end =
                    text.append('.').append(time.getNano() + A_SECOND_OF_NANOS).length();
            // A one in front of nine digits.
            text.deleteCharAt(end - 10);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text.append(time.getOffset().getId()).toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private void field(String value) {
        if (row == null) {
            row = csv.writeRecord();
        }
        row.writeField(value);
    }

    @Override
    public void endRow() {
        row.endRecord();
        row = null;
    }

    @Override
    public void flush() throws IOException {
        csv.flush();
    }

    /** There is no second sheet. */
    @Override
    public void end() throws IOException {
        csv.close();
    }
}
