package io.liveness.gateway.notification.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A delivery as the API shows it. */
@Schema(name = "WebhookDelivery", description = "The delivery of an event to an endpoint.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryView(
        @Schema(
                required = true,
                description = "UUIDv7 of the event: the header `webhook-id`, the same for every attempt and replay.")
        UUID id,

        @Schema(description = "The session that the event is about; absent for a test.")
        UUID sessionId,

        @Schema(required = true, description = "The type of the event.", examples = "liveness.session.settled")
        String type,

        @Schema(required = true, description = "When the event happened.")
        Instant at,

        @Schema(required = true) DeliveryStatus status,

        @Schema(required = true, description = "The last 30 attempts, oldest first.")
        List<AttemptView> attempts,

        @Schema(
                description =
                        "When the next attempt is due, or the one under way counts as lost; absent when it has ended.")
        Instant nextAttemptAt,

        @Schema(description = "When it ended; absent while it is PENDING.")
        Instant endedAt) {

    /** An attempt. */
    @Schema(name = "WebhookAttempt", description = "An attempt to deliver an event.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AttemptView(
            @Schema(required = true, description = "When it began.")
            Instant at,

            @Schema(description = "What the receiver answered; absent when it gave no answer.")
            Integer httpStatus,

            @Schema(description = "Why there was no answer.", examples = "connection refused")
            String error,

            @Schema(required = true, description = "How long it took, in milliseconds.")
            long millis) {

        private static AttemptView of(Object stored) {
            JsonObject attempt = (JsonObject) stored;
            return new AttemptView(
                    Instant.parse(attempt.getString("at")),
                    attempt.getInteger("httpStatus"),
                    attempt.getString("error"),
                    attempt.getLong("millis"));
        }
    }

    /** In the order of {@link HistorySql}. */
    static DeliveryView of(Row row) {
        int at = 0;
        return new DeliveryView(
                row.getUUID(at++),
                row.getUUID(at++),
                row.getString(at++),
                instant(row.getOffsetDateTime(at++)),
                DeliveryStatus.valueOf(row.getString(at++)),
                attempts(row.getJsonArray(at++)),
                instant(row.getOffsetDateTime(at++)),
                instant(row.getOffsetDateTime(at)));
    }

    private static List<AttemptView> attempts(JsonArray stored) {
        return stored.stream().map(AttemptView::of).toList();
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
