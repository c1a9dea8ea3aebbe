package io.liveness.gateway.statement;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a statement stands. One that is still received is not shown. */
@Schema(
        name = "StatementStatus",
        description = "READING: the lines are being read. MATCHING: the lines are being matched. DONE: the statement"
                + " counts. FAILED: the file cannot be used, or the import was interrupted, see `problem`; no line is kept. WITHDRAWN: the statement"
                + " was withdrawn. SUPERSEDED: a corrected statement, or another run of the same file, counts instead.")
public enum StatementStatus {
    READING,
    MATCHING,
    DONE,
    FAILED,
    WITHDRAWN,
    SUPERSEDED
}
