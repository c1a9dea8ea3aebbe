package io.liveness.gateway.notification.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A replay of many deliveries. */
@Schema(
        name = "WebhookReplay",
        description = "A replay of the deliveries of an endpoint that had failed when it was asked for.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayView(
        @Schema(required = true, description = "UUIDv7 of the replay.")
        UUID id,

        @Schema(required = true, description = "Events of this time or later.")
        Instant failedSince,

        @Schema(required = true, description = "How many deliveries are due again by now.", minimum = "0")
        long replayed,

        @Schema(required = true, description = "When it was asked for.")
        Instant createdAt,

        @Schema(description = "When all of them were due again; absent while it goes on.")
        Instant endedAt) {

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
