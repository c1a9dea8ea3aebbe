package io.liveness.gateway.bill.importing;

import io.liveness.gateway.bill.read.BillWorkbook;
import io.liveness.gateway.bill.read.CharsetProbe;
import io.liveness.gateway.platform.Sha256;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.http.Upload;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * Takes a file as it comes from the caller, and keeps it in the database until it is read, in pieces. No transaction is open while a caller
 * sends it. A crash of the database loses them: their table is unlogged.
 */
@Singleton
class ReceiveFile {

    private static final int PIECE = 1024 * 1024;

    /** A file as it comes from a caller. */
    record SentFile(InputStream bytes, boolean isWorkbook) {

        private static final byte[] ZIP = {'P', 'K'};
        /** The first bytes of a file of Excel until 2003, and of any workbook with a password. */
        private static final byte[] COMPOUND_FILE = {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0};

        /** The first part of an OpenDocument file, as LibreOffice and SheetJS write it. */
        private static final List<String> OPEN_DOCUMENT =
                List.of("mimetypeapplication/vnd.oasis.opendocument", "META-INF/manifest.xml");

        private static final int BEGINNING = 1024;
        private static final Pattern MARKUP =
                Pattern.compile("<(\\?xml|!doctype|html|head|meta|style|table|workbook)\\b", Pattern.CASE_INSENSITIVE);

        /** @param type as the request has it; null when it has none */
        static SentFile of(InputStream bytes, MediaType type) {
            boolean workbook =
                    type != null && (type.getType() + "/" + type.getSubtype()).equalsIgnoreCase(FileType.SPREADSHEET);
            return new SentFile(bytes, workbook);
        }

        /** @throws ProblemException when a file that begins so is not of the type that it is said to be */
        void requireBeginning(byte[] start, int length) {
            if (begins(start, length, COMPOUND_FILE)) {
                throw ProblemException.invalid(
                        "body",
                        "file-xls",
                        "is a workbook of Excel 2003 or older (XLS), or one with a password; save it as XLSX or CSV, without a password");
            }
            String text = text(start, length);
            if (MARKUP.matcher(text).lookingAt()) {
                throw ProblemException.invalid(
                        "body",
                        "file-html",
                        "is HTML or XML, as some programs write it under the name of a workbook (.xls); open it in a spreadsheet"
                                + " and save it as XLSX or CSV");
            }
            boolean zip = begins(start, length, ZIP);
            if (zip && OPEN_DOCUMENT.stream().anyMatch(text::contains)) {
                throw ProblemException.invalid(
                        "body",
                        "file-ods",
                        "is an OpenDocument file (ODS); open it in a spreadsheet and save it as XLSX or CSV");
            }
            if (zip && !isWorkbook) {
                throw ProblemException.invalid(
                        "body",
                        "file-zip",
                        "is a ZIP file, such as XLSX, and not CSV; send XLSX with Content-Type: "
                                + FileType.SPREADSHEET);
            }
            if (!zip && isWorkbook) {
                throw ProblemException.invalid(
                        "body", "file-not-xlsx", "is not XLSX; send CSV with Content-Type: " + FileType.TEXT_CSV);
            }
        }

        /** The beginning, in whatever character set: only its ASCII characters count. */
        private static String text(byte[] start, int length) {
            return new String(start, 0, Math.min(length, BEGINNING), StandardCharsets.ISO_8859_1)
                    .replaceAll("[^ -~]", "")
                    .strip();
        }

        private static boolean begins(byte[] start, int length, byte[] with) {
            for (int i = 0; i < with.length; i++) {
                if (length <= i || start[i] != with[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A file that was received completely.
     *
     * @param charset empty for a workbook (XLSX), which defines its encoding
     */
    record ReceivedFile(byte[] sha256, Optional<Charset> charset, long bytes) {

        boolean isWorkbook() {
            return charset.isEmpty();
        }
    }

    private final Batch batch;

    ReceiveFile(Batch batch) {
        this.batch = batch;
    }

    /** @throws ProblemException when it is too large, empty or incomplete */
    ReceivedFile receive(SentFile file, Upload limit, UUID statement) {
        MessageDigest digest = Sha256.digest();
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
            if (file.isWorkbook() && bytes > BillWorkbook.mostCompressed()) {
                throw BillWorkbook.tooLarge();
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
            throw ProblemException.invalid("body", "file-empty", "is empty");
        }
        return new ReceivedFile(
                digest.digest(), file.isWorkbook() ? Optional.empty() : Optional.of(charset.charset()), bytes);
    }

    private static int fill(InputStream file, byte[] piece) {
        try {
            return file.readNBytes(piece, 0, piece.length);
        } catch (IOException e) {
            throw ProblemException.invalid("body", "file-incomplete", "is incomplete");
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
     * A file that was received, to be read once and not closed: a sequence reads all the rest then.
     *
     * @param connection of the transaction that reads it
     * @param bytes its size
     * @param progress is told how many of its bytes have been read
     */
    InputStream read(Connection connection, UUID statement, long bytes, LongConsumer progress) {
        return new SequenceInputStream(new Enumeration<>() {
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
