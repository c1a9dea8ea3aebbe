package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.xlsx.StoredFile;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Keeps a file in the database while it is read, in pieces. No transaction is open while a caller sends it. A crash of the database loses
 * them: their table is unlogged.
 */
@Singleton
class Pieces {

    static final int SIZE = 1024 * 1024;

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
     * A file that was received, to be read once.
     *
     * @param connection of the transaction that reads it
     * @param progress is told how many of its bytes have been read
     */
    StoredFile file(Connection connection, UUID statement, long bytes, LongConsumer progress) {
        return new StoredFile() {
            @Override
            public long length() {
                return bytes;
            }

            @Override
            public InputStream bytes() {
                return new Stream(connection, statement, bytes, progress);
            }
        };
    }

    private static final class Stream extends InputStream {

        private static final String PIECE = "select bytes from statement_piece where statement_id = ? and nth = ?";

        private final Connection connection;
        private final UUID statement;
        private final long bytes;
        private final LongConsumer progress;
        private int nth;
        private byte[] piece = new byte[0];
        private int at;

        Stream(Connection connection, UUID statement, long bytes, LongConsumer progress) {
            this.connection = connection;
            this.statement = statement;
            this.bytes = bytes;
            this.progress = progress;
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
            if (at < piece.length) {
                return true;
            }
            long passed = Math.min(bytes, (long) nth * SIZE);
            progress.accept(passed);
            if (passed == bytes) {
                return false;
            }
            piece = piece(nth++);
            at = 0;
            return true;
        }

        private byte[] piece(int number) {
            try {
                return Sql.first(connection, PIECE, row -> row.getBytes(1), statement, number)
                        .orElseThrow(() -> new ProblemException(
                                CommonProblem.UNAVAILABLE, "The database has lost the file; send it again."));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
