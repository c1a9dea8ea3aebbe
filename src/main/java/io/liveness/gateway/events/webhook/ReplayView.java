package io.liveness.gateway.events.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A replay of many deliveries. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayView(UUID id, Instant failedSince, long replayed, Instant createdAt, Instant endedAt) {

    static ReplayView of(Row row) {
        return new ReplayView(
                row.getUUID(0),
                instant(row.getOffsetDateTime(1)),
                row.getLong(2),
                instant(row.getOffsetDateTime(3)),
                instant(row.getOffsetDateTime(4)));
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
