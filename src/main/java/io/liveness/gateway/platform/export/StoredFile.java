package io.liveness.gateway.platform.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;

/** A file that is stored as it is sent: its rows are parts of it. */
final class StoredFile implements TableFile {

    private final OutputStream out;

    StoredFile(OutputStream out) {
        this.out = out;
    }

    @Override
    public void bytes(byte[] part) {
        try {
            out.write(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begin() {
        // It has its own head.
    }

    @Override
    public void text(String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void number(BigDecimal value, int digits) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void time(Instant value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void endRow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void end() throws IOException {
        out.flush();
    }
}
