package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.postgres.Database;
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

    /** @param progress is told how many bytes have been read */
    InputStream open(UUID statement, LongConsumer progress) {
        return new Stream(statement, progress);
    }

    private final class Stream extends InputStream {

        private final UUID statement;
        private final LongConsumer progress;
        private byte[] piece = new byte[0];
        private int at;
        private int nth;
        private long passed;
        private boolean ended;

        Stream(UUID statement, LongConsumer progress) {
            this.statement = statement;
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
            while (!ended && at == piece.length) {
                passed += piece.length;
                progress.accept(passed);
                RowSet<Row> rows = database.execute(READ, Tuple.of(statement, nth++))
                        .await()
                        .indefinitely();
                ended = rows.size() == 0;
                piece = ended ? piece : rows.iterator().next().getBuffer(0).getBytes();
                at = ended ? at : 0;
            }
            return !ended;
        }
    }
}
