package io.liveness.gateway.platform.file;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** A file that is being written. */
interface TableFile extends Cells {

    /** Writes the head of the table. */
    default void begin() throws IOException {}

    /** Writes what follows the last row. */
    void end() throws IOException;

    /** Writes to the reader of the file. */
    @FunctionalInterface
    interface Write {
        void run() throws IOException;
    }

    /** Cells are written by it, because they throw nothing that is checked. */
    static void write(Write part) {
        try {
            part.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that is sent as it is stored: its rows are parts of it, bytes as PostgreSQL tells them ({@code \\x} and hexadecimal digits). */
    record Stored(OutputStream out) implements TableFile {

        @Override
        public void text(String part) {
            write(() -> out.write(HexFormat.of().parseHex(part, 2, part.length())));
        }

        @Override
        public void endRow() {
            // The stored bytes have nothing between the rows.
        }

        @Override
        public void end() throws IOException {
            out.flush();
        }
    }
}
