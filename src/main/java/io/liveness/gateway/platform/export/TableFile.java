package io.liveness.gateway.platform.export;

import java.io.IOException;

/** A file that is being written. */
interface TableFile extends Cells {

    /** Writes the head of the table. */
    void begin() throws IOException;

    /** Passes on what was written so far, as far as the form of the file allows. */
    void flush() throws IOException;

    /** Writes what follows the last row. */
    void end() throws IOException;
}
