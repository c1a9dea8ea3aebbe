package io.liveness.gateway.retention.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An erasure as its caller sees it. It never repeats the reference. */
@Schema(
        name = "Erasure",
        description = "An erasure of the data of a person, over the caller's sessions with one reference.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ErasureView(
        @Schema(required = true, description = "UUIDv7 of the erasure.")
        UUID id,

        @Schema(required = true) ErasureStatus status,

        @Schema(required = true, description = "When it was requested. It covers the sessions that existed then.")
        Instant requestedAt,

        @Schema(description = "When the last of its sessions was erased; absent while it is RUNNING.")
        Instant finishedAt,

        @Schema(required = true, description = "How many sessions were erased by now.", minimum = "0")
        int sessionsErased,

        @Schema(
                required = true,
                description =
                        "How many sessions are still to be erased: each waits until its verdict is recorded and its fee has ended.",
                minimum = "0")
        int sessionsWaiting) {

    /** In the order of the columns of {@link ErasureSql}. */
    static ErasureView of(Row row) {
        OffsetDateTime finished = row.getOffsetDateTime(2);
        return new ErasureView(
                row.getUUID(0),
                finished == null ? ErasureStatus.RUNNING : ErasureStatus.DONE,
                row.getOffsetDateTime(1).toInstant(),
                finished == null ? null : finished.toInstant(),
                row.getInteger(3),
                row.getInteger(4));
    }
}
