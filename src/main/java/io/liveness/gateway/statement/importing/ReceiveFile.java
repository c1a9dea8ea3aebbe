package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.StoreStatements.ReceivedFile;
import io.liveness.gateway.statement.reading.CharsetProbe;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Takes a file as it comes from the caller, and keeps it in the database until it is read, in pieces. No transaction is open while a caller
 * sends it. A crash of the database loses them: their table is unlogged.
 */
@Singleton
class ReceiveFile {

    private static final int PIECE = 1024 * 1024;

    private final Batch batch;

    ReceiveFile(Batch batch) {
        this.batch = batch;
    }

    /** @throws ProblemException when it is too large, empty or incomplete */
    ReceivedFile receive(SentFile file, Upload limit, UUID statement) {
        MessageDigest digest = sha256();
        CharsetProbe charset = new CharsetProbe();
        byte[] piece = new byte[PIECE];
        long bytes = 0;
        int nth = 0;
        int length;
        while ((length = fill(file.bytes(), piece)) > 0) {
            bytes += length;
            if (bytes > limit.maxBytes()) {
                throw limit.tooLarge();
            }
            if (nth == 0) {
                file.requireBeginning(piece, length);
            }
            digest.update(piece, 0, length);
            if (!file.isWorkbook()) {
                charset.add(piece, length);
            }
            write(statement, nth++, piece, length);
        }
        if (bytes == 0) {
            throw ProblemException.invalid("body", "is empty");
        }
        return new ReceivedFile(
                digest.digest(),
                file.isWorkbook()
                        ? Optional.empty()
                        : Optional.of(charset.charset().name()),
                bytes);
    }

    private static int fill(InputStream file, byte[] piece) {
        try {
            return file.readNBytes(piece, 0, piece.length);
        } catch (IOException e) {
            throw ProblemException.invalid("body", "is incomplete");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private void write(UUID statement, int nth, byte[] bytes, int length) {
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
     * @param bytes its size
     * @param progress is told how many of its bytes have been read
     */
    InputStream read(Connection connection, UUID statement, long bytes, LongConsumer progress) {
        InputStream pieces = new SequenceInputStream(new Enumeration<>() {
            private int nth;

            @Override
            public boolean hasMoreElements() {
                long passed = Math.min(bytes, (long) nth * PIECE);
                progress.accept(passed);
                return passed < bytes;
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(piece(connection, statement, nth++));
            }
        });
        return new FilterInputStream(pieces) {
            @Override
            public void close() {
                // There is nothing to close, and the sequence's own close reads all the rest.
            }
        };
    }

    private static byte[] piece(Connection connection, UUID statement, int nth) {
        try {
            return Sql.first(
                            connection,
                            "select bytes from statement_piece where statement_id = ? and nth = ?",
                            row -> row.getBytes(1),
                            statement,
                            nth)
                    .orElseThrow(() -> new ProblemException(
                            ProblemCode.UNAVAILABLE, "The database has lost the file; send it again."));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
