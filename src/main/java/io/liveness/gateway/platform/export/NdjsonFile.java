package io.liveness.gateway.platform.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.liveness.gateway.platform.export.Table.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A JSON object a row, its fields named by the columns and in their order, without blanks and without those that are empty; UTF-8, each line
 * ended by LF. Times are UTC with microseconds. The same rows are the same bytes.
 */
public final class NdjsonFile implements TableFile {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = new JsonFactory();
    private static final SerializedString NOTHING = new SerializedString("");

    private final JsonGenerator out;
    private final List<Column> columns;
    private int column;

    public NdjsonFile(OutputStream to, Table<?> table) {
        this.columns = table.columns();
        try {
            this.out = JSON.createGenerator(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.setRootValueSeparator(NOTHING);
    }

    @Override
    public void begin() {
        // There is no head.
    }

    @Override
    public void text(String value) {
        field(value == null ? null : () -> out.writeString(value));
    }

    @Override
    public void number(BigDecimal value, int digits) {
        field(() -> out.writeNumber(value.toPlainString()));
    }

    @Override
    public void time(Instant value) {
        text(value == null ? null : TIME.format(value));
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    /** @param value null where there is none */
    private void field(Write value) {
        write(() -> {
            if (column == 0) {
                out.writeStartObject();
            }
            if (value != null) {
                out.writeFieldName(columns.get(column).title());
                value.run();
            }
            column++;
        });
    }

    @Override
    public void endRow() {
        write(() -> {
            out.writeEndObject();
            out.writeRaw('\n');
            column = 0;
        });
    }

    private static void write(Write part) {
        try {
            part.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void end() throws IOException {
        out.close();
    }
}
