package io.liveness.gateway.retention.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** An erasure as its caller sees it. It never repeats the reference. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ErasureView(
        UUID id, Status status, Instant requestedAt, Instant finishedAt, int sessionsErased, int sessionsWaiting) {

    enum Status {
        /** Sessions are being erased, or wait for their end. */
        RUNNING,
        /** All of its sessions are erased. */
        DONE
    }

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
