package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.session.DataEventRow;
import java.time.Instant;
import java.util.UUID;

/** Something that happened to the personal data of a session. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DataEventView(UUID id, String type, Instant at, String by) {

    static DataEventView of(DataEventRow row) {
        return new DataEventView(row.id, row.type, row.at.toInstant(), row.by);
    }
}
