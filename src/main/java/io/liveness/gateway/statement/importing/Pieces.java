package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.statement.xlsx.StoredFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.LongConsumer;

/** Keeps a file in the database while it is read, in pieces. To be used on a thread that may wait. */
@Singleton
class Pieces {

    static final int SIZE = 256 * 1024;

    private static final String WRITE = "insert into statement_piece (statement_id, nth, bytes) values ($1, $2, $3)";
    private static final String READ = "select bytes from statement_piece where statement_id = $1 and nth = $2";

    private final Database database;

    Pieces(Database database) {
        this.database = database;
    }

    void write(UUID statement, int nth, byte[] bytes, int length) {
        Buffer piece = Buffer.buffer(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        database.execute(WRITE, Tuple.of(statement, nth, piece)).await().indefinitely();
    }

    /**
     * A file that was received.
     *
     * @param progress is told how many of its bytes have been read, wherever they are in it
     */
    StoredFile file(UUID statement, long bytes, LongConsumer progress) {
        return new File(statement, bytes, progress);
    }

    private final class File implements StoredFile {

        private final UUID statement;
        private final long bytes;
        private final LongConsumer progress;
        private long passed;

        File(UUID statement, long bytes, LongConsumer progress) {
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

        private byte[] piece(int nth) {
            RowSet<Row> rows =
                    database.execute(READ, Tuple.of(statement, nth)).await().indefinitely();
            return rows.size() == 0 ? null : rows.iterator().next().getBuffer(0).getBytes();
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
