package io.liveness.gateway.statement;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a statement stands. One that is still received is not shown. */
@Schema(
        name = "StatementStatus",
        description =
                "READING: its lines are read. MATCHING: they are matched. DONE: it counts. FAILED: it is of no use, see `problem`;"
                        + " nothing of it is kept. WITHDRAWN: it was taken back. SUPERSEDED: a corrected one, or another run of the same file, counts"
                        + " instead.")
public enum StatementStatus {
    READING,
    MATCHING,
    DONE,
    FAILED,
    WITHDRAWN,
    SUPERSEDED
}
