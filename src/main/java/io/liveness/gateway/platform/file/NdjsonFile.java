package io.liveness.gateway.platform.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.liveness.gateway.platform.file.Table.Column;
import io.liveness.gateway.platform.postgres.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A JSON object a row, its fields in a fixed order, without blanks and without those that are empty; UTF-8, each line
 * ended by LF. Times are UTC with microseconds. The same rows are the same bytes.
 */
public final class NdjsonFile implements TableFile {

    private static final int PORTION = 2_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    // A character beyond U+FFFF is written as UTF-8 by this, not escaped as two.
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private static final SerializedString NOTHING = new SerializedString("");

    private final JsonGenerator out;
    private final List<Column> fields;
    private int field;

    NdjsonFile(OutputStream to, Table table) {
        this.fields = table.columns();
        try {
            // Who has opened the stream flushes and closes it: it may be that of a file in an archive.
            this.out = JSON.createGenerator(to)
                    .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                    .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.setRootValueSeparator(NOTHING);
    }

    /** Writes all rows of a table, a portion at a time. The connection is free for other statements meanwhile. */
    public static void write(Table table, Connection connection, OutputStream to) throws SQLException, IOException {
        NdjsonFile file = new NdjsonFile(to, table);
        Sql.execute(connection, Row.FIXED_FORMS);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(PORTION);
            try (ResultSet rows = statement.executeQuery(table.rows(connection))) {
                Row row = new Row(rows.getMetaData().getColumnCount());
                while (rows.next()) {
                    row.read(rows);
                    table.write(row, file);
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
    public void number(BigDecimal value) {
        cell(value == null ? null : () -> out.writeNumber(value.toPlainString()));
    }

    @Override
    public void time(Instant value) {
        text(value == null ? null : TIME.format(value));
    }

    /** @param value null where there is none */
    private void cell(Write value) {
        TableFile.write(() -> {
            if (field == 0) {
                out.writeStartObject();
            }
            if (value != null) {
                out.writeFieldName(fields.get(field).title());
                value.run();
            }
            field++;
        });
    }

    @Override
    public void endRow() {
        TableFile.write(() -> {
            out.writeEndObject();
            out.writeRaw('\n');
            field = 0;
        });
    }

    @Override
    public void end() throws IOException {
        out.close();
    }
}
