package io.liveness.gateway.platform.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Writes rows by {@code COPY}, some thousand at a time. Between two of these batches the connection is free for other statements, such as
 * the next rows of an open cursor.
 */
public final class CopyRows {

    // Characters: some thousand rows.
    private static final int BATCH = 1 << 20;

    private final CopyManager copy;
    private final String sql;
    private final StringBuilder rows = new StringBuilder(BATCH + BATCH / 8);

    /** @param sql {@code copy … from stdin}, in the format text */
    public CopyRows(Connection connection, String sql) throws SQLException {
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI();
        this.sql = sql;
    }

    /**
     * Adds a row.
     *
     * @param columns anything whose text PostgreSQL reads; null or an empty {@link Optional} where there is no value
     */
    public void add(Object... columns) throws SQLException {
        for (int i = 0; i < columns.length; i++) {
            rows.append(i == 0 ? "" : "\t");
            Object value = columns[i] instanceof Optional<?> optional ? optional.orElse(null) : columns[i];
            if (value == null) {
                rows.append("\\N");
            } else {
                append(value.toString());
            }
        }
        rows.append('\n');
        if (rows.length() >= BATCH) {
            flush();
        }
    }

    private void append(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> rows.append("\\\\");
                case '\t' -> rows.append("\\t");
                case '\n' -> rows.append("\\n");
                case '\r' -> rows.append("\\r");
                default -> rows.append(c);
            }
        }
    }

    /** Sends what is still waiting. To be called after the last row, and before a statement that reads the rows. */
    public void flush() throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try {
            copy.copyIn(sql, new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rows.setLength(0);
    }
}
