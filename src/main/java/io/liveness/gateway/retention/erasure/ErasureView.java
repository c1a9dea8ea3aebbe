package io.liveness.gateway.retention.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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

        @Schema(required = true) Status status,

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

    @Schema(
            name = "ErasureStatus",
            description = "How far the erasure is. RUNNING: sessions are being erased, or wait for their end."
                    + " DONE: all of its sessions are erased.")
    enum Status {
        /** Sessions are being erased, or wait for their end. */
        RUNNING,
        /** All of its sessions are erased. */
        DONE
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ErasurePage", description = "A page of erasures, newest first.")
    record Page(
            @Schema(required = true, description = "The erasures of this page.")
            List<ErasureView> items,

            @Schema(description = "What the next page is asked for with; absent on the last page.")
            String nextPageToken) {}

    static ErasureView of(ResultSet row) throws SQLException {
        Instant finished = Sql.time(row, "finished_at");
        return new ErasureView(
                row.getObject("id", UUID.class),
                finished == null ? Status.RUNNING : Status.DONE,
                Sql.time(row, "requested_at"),
                finished,
                row.getInt("erased"),
                row.getInt("waiting"));
    }
}
