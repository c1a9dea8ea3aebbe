package io.liveness.gateway.retention.erasure;

import io.vertx.sqlclient.Row;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a repeated record has found. */
@Schema(name = "RepeatedErasure", description = "What a repeated record has found in the database.")
record RepeatedView(
        @Schema(required = true, description = "The erasure.")
        UUID id,

        @Schema(
                required = true,
                description = "How many of its sessions are there. They are erased, or will be when they have ended.",
                minimum = "0")
        int sessionsFound,

        @Schema(
                required = true,
                description = "How many are not there, or are another caller's: there is nothing to erase.",
                minimum = "0")
        int sessionsMissing) {

    static RepeatedView of(UUID id, Row row) {
        return new RepeatedView(id, row.getInteger(0), row.getInteger(1));
    }
}
