package io.liveness.gateway.statement.xlsx;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A file whose size is known before it is read. */
public interface StoredFile {

    /** In bytes. */
    long length();

    InputStream bytes();

    /** One that is held in memory. */
    static StoredFile of(byte[] bytes) {
        return new StoredFile() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public InputStream bytes() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }
}
