package io.liveness.gateway.events.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** A delivery as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryView(
        UUID id,
        UUID sessionId,
        String type,
        Instant at,
        DeliveryStatus status,
        List<AttemptView> attempts,
        Instant nextAttemptAt,
        Instant endedAt) {

    /** An attempt. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AttemptView(Instant at, Integer httpStatus, String error, long millis) {

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
