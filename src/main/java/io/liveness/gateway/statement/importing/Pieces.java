package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.xlsx.StoredFile;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.LongConsumer;

/** Keeps a file in the database while it is read, in pieces. No transaction is open while a caller sends it. */
@Singleton
class Pieces {

    static final int SIZE = 256 * 1024;

    private final Batch batch;

    Pieces(Batch batch) {
        this.batch = batch;
    }

    void write(UUID statement, int nth, byte[] bytes, int length) {
        byte[] piece = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        batch.transact(connection -> Sql.execute(
                connection,
                "insert into statement_piece (statement_id, nth, bytes) values (?, ?, ?)",
                statement,
                nth,
                piece));
    }

    /**
     * A file that was received.
     *
     * @param connection of the transaction that reads it
     * @param progress is told how many of its bytes have been read, wherever they are in it
     */
    StoredFile file(Connection connection, UUID statement, long bytes, LongConsumer progress) {
        return new File(connection, statement, bytes, progress);
    }

    private static final class File implements StoredFile {

        private final Connection connection;
        private final UUID statement;
        private final long bytes;
        private final LongConsumer progress;
        private long passed;

        File(Connection connection, UUID statement, long bytes, LongConsumer progress) {
            this.connection = connection;
            this.statement = statement;
            this.bytes = bytes;
            this.progress = progress;
        }

        @Override
        public long length() {
            return bytes;
        }

        @Override
        public InputStream from(long place) {
            return new Stream(this, Math.toIntExact(place / SIZE), (int) (place % SIZE));
        }

        /** Null behind the last one. */
        private byte[] piece(int nth) {
            try {
                return Sql.first(
                                connection,
                                "select bytes from statement_piece where statement_id = ? and nth = ?",
                                row -> row.getBytes(1),
                                statement,
                                nth)
                        .orElse(null);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void passed(int count) {
            passed = Math.min(bytes, passed + count);
            progress.accept(passed);
        }
    }

    private static final class Stream extends InputStream {

        private final File file;
        private int nth;
        private int skipped;
        private byte[] piece = new byte[0];
        private int at;
        private int begun;

        /** @param skipped bytes at the beginning of the first piece */
        Stream(File file, int nth, int skipped) {
            this.file = file;
            this.nth = nth;
            this.skipped = skipped;
        }

        @Override
        public int read() {
            return more() ? piece[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (length == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int count = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, into, from, count);
            at += count;
            return count;
        }

        private boolean more() {
            while (piece != null && at >= piece.length) {
                file.passed(piece.length - begun);
                piece = file.piece(nth++);
                begun = piece == null ? 0 : Math.min(skipped, piece.length);
                at = begun;
                skipped = 0;
            }
            return piece != null;
        }
    }
}
