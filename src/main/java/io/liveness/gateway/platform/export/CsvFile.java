package io.liveness.gateway.platform.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** CSV by RFC 4180, in UTF-8 with a byte order mark, by which spreadsheets know it. Times are of ISO 8601 with their offset. */
final class CsvFile implements TableFile {

    private static final int A_SECOND_OF_NANOS = 1_000_000_000;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    /** Characters that are sent together. */
    private static final int PART = 64 * 1024;

    private final OutputStream out;
    private final Table<?> table;
    private final ZoneId zone;
    /** What is not sent yet. A new one for each part: once it has had a Chinese character, it costs more. */
    private StringBuilder text = new StringBuilder(PART);

    private boolean inRow;
    private LocalDate day = LocalDate.MIN;
    private String dayText;

    CsvFile(OutputStream out, Table<?> table, ZoneId zone) {
        this.out = out;
        this.table = table;
        this.zone = zone;
    }

    @Override
    public void begin() throws IOException {
        out.write(BYTE_ORDER_MARK);
        table.columns().forEach(column -> text(column.title()));
        endRow();
    }

    @Override
    public void text(String value) {
        separate();
        if (value != null) {
            String guarded = FormulaGuard.guard(value);
            if (mustBeQuoted(guarded)) {
                text.append('"').append(guarded.replace("\"", "\"\"")).append('"');
            } else {
                text.append(guarded);
            }
        }
    }

    private static boolean mustBeQuoted(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c <= ',' && (c == ',' || c == '"' || c == '\r' || c == '\n')) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void number(BigDecimal value, int digits) {
        separate();
        text.append(value.toPlainString());
    }

    /** As {@link java.time.format.DateTimeFormatter#ISO_OFFSET_DATE_TIME}, which costs more than all else of a row. */
    @Override
    public void time(Instant value) {
        separate();
        if (value == null) {
            return;
        }
        OffsetDateTime time = OffsetDateTime.ofInstant(value, zone);
        if (!time.toLocalDate().equals(day)) {
            day = time.toLocalDate();
            dayText = day + "T";
        }
        text.append(dayText);
        twoDigits(time.getHour()).append(':');
        twoDigits(time.getMinute()).append(':');
        twoDigits(time.getSecond());
        if (time.getNano() > 0) {
            int end =
                    text.append('.').append(time.getNano() + A_SECOND_OF_NANOS).length();
            // A one in front of nine digits.
            text.deleteCharAt(end - 10);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        text.append(time.getOffset().getId());
    }

    private StringBuilder twoDigits(int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private void separate() {
        if (inRow) {
            text.append(',');
        }
        inRow = true;
    }

    @Override
    public void endRow() {
        text.append("\r\n");
        inRow = false;
        if (text.length() > PART - PART / 8) {
            try {
                send();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void send() throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        text = new StringBuilder(PART);
    }

    @Override
    public void flush() throws IOException {
        send();
        out.flush();
    }
}
