package io.liveness.gateway.statement.xlsx;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A file that can be read from any place on: what is in a workbook is known from its end. */
public interface StoredFile {

    /** In bytes. */
    long length();

    /** The bytes from a place on, at most {@link #length}. */
    InputStream from(long place);

    /** One that is held in memory. */
    static StoredFile of(byte[] bytes) {
        return new StoredFile() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public InputStream from(long place) {
                int at = Math.toIntExact(place);
                return new ByteArrayInputStream(bytes, at, bytes.length - at);
            }
        };
    }
}
