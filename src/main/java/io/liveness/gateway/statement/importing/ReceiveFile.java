package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.StoreStatements.ReceivedFile;
import io.liveness.gateway.statement.reading.CharsetProbe;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;

/** Takes a file as it comes from the caller. */
@Singleton
class ReceiveFile {

    private final Pieces pieces;

    ReceiveFile(Pieces pieces) {
        this.pieces = pieces;
    }

    /** @throws ProblemException when it is too large, empty or incomplete */
    ReceivedFile receive(SentFile file, Upload limit, UUID statement) {
        MessageDigest digest = sha256();
        CharsetProbe charset = new CharsetProbe();
        byte[] piece = new byte[Pieces.SIZE];
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
            pieces.write(statement, nth++, piece, length);
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
}
