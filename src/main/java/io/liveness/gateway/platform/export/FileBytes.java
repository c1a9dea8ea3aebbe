package io.liveness.gateway.platform.export;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;

/** What was written of a file and not sent yet. */
final class FileBytes extends ByteArrayOutputStream {

    private static final int AT_FIRST = 256 * 1024;

    FileBytes() {
        super(AT_FIRST);
    }

    /** Hands it over and begins anew. */
    Buffer take() {
        Buffer taken = Buffer.buffer(toByteArray());
        reset();
        return taken;
    }
}
