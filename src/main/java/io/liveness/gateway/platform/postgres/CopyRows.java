package io.liveness.gateway.platform.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * Writes rows by {@code COPY}, some thousand at a time: PostgreSQL takes one batch while the next is made. Between two of them the
 * connection is free for other statements, such as the next rows of an open cursor; the driver lets these wait for the batch.
 */
public final class CopyRows {

    // Characters: some thousand rows.
    private static final int BATCH = 1 << 20;

    private final CopyManager copy;
    private final String sql;
    private final StringBuilder rows = new StringBuilder(BATCH + BATCH / 8);
    /** Null before the first batch. */
    private FutureTask<Long> sending;

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
            send();
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

    private void send() throws SQLException {
        awaitSent();
        byte[] batch = rows.toString().getBytes(StandardCharsets.UTF_8);
        rows.setLength(0);
        // Begun here, so that whatever this thread does next with the connection comes after it, a rollback too.
        CopyIn begun = copy.copyIn(sql);
        sending = new FutureTask<>(() -> send(begun, batch));
        Thread thread = new Thread(sending, "copy-rows");
        thread.setDaemon(true);
        thread.start();
    }

    private static long send(CopyIn begun, byte[] batch) throws SQLException {
        try {
            begun.writeToCopy(batch, 0, batch.length);
            return begun.endCopy();
        } finally {
            if (begun.isActive()) {
                begun.cancelCopy();
            }
        }
    }

    private void awaitSent() throws SQLException {
        try {
            if (sending != null) {
                sending.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The process stops", e);
        }
    }

    /** Sends what is left, and waits for it. To be called after the last row, and before a statement that reads the rows. */
    public void flush() throws SQLException {
        if (!rows.isEmpty()) {
            send();
        }
        awaitSent();
    }
}
