package io.liveness.gateway.platform.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.liveness.gateway.platform.export.Table.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A JSON object a row, its fields in a fixed order, without blanks and without those that are empty; UTF-8, each line
 * ended by LF. Times are UTC with microseconds. The same rows are the same bytes.
 */
public final class NdjsonFile implements TableFile {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = new JsonFactory();
    private static final SerializedString NOTHING = new SerializedString("");

    private final JsonGenerator out;
    private final List<String> fields;
    private int field;

    /** @param fields their names, in the order of cells */
    public NdjsonFile(OutputStream to, List<String> fields) {
        this.fields = fields;
        try {
            this.out = JSON.createGenerator(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.setRootValueSeparator(NOTHING);
    }

    static NdjsonFile of(Table<?> table, OutputStream to) {
        return new NdjsonFile(to, table.columns().stream().map(Column::title).toList());
    }

    /** Writes all rows of a table, a portion at a time, and closes the stream. */
    public static <R> void write(Table<R> table, Connection connection, OutputStream to)
            throws SQLException, IOException {
        NdjsonFile file = of(table, to);
        try (PreparedStatement statement = table.rows(connection)) {
            statement.setFetchSize(table.portion());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    table.write(table.read(rows), file);
                }
            }
        }
        file.end();
    }

    @Override
    public void text(String value) {
        cell(value == null ? null : () -> out.writeString(value));
    }

    @Override
    public void number(BigDecimal value, int digits) {
        cell(() -> out.writeNumber(value.toPlainString()));
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
    private void cell(Write value) {
        write(() -> {
            if (field == 0) {
                out.writeStartObject();
            }
            if (value != null) {
                out.writeFieldName(fields.get(field));
                value.run();
            }
            field++;
        });
    }

    @Override
    public void endRow() {
        write(() -> {
            out.writeEndObject();
            out.writeRaw('\n');
            field = 0;
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
