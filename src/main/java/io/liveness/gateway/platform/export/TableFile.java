package io.liveness.gateway.platform.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A file that is being written. */
interface TableFile extends Cells {

    /** Writes the head of the table. */
    default void begin() throws IOException {}

    /** Passes on what was written so far, as far as the form of the file allows. */
    void flush() throws IOException;

    /** Writes what follows the last row. */
    default void end() throws IOException {
        flush();
    }

    /** One that is sent as it is stored: its rows are parts of it. */
    record Stored(OutputStream out) implements TableFile {

        @Override
        public void bytes(byte[] part) {
            try {
                out.write(part);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
