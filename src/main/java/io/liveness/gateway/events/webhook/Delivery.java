package io.liveness.gateway.events.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.postgres.Database;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A delivery of an event to an endpoint as the API shows it: null is left out.
 *
 * @param id of the event
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Delivery(
        UUID id,
        UUID sessionId,
        String type,
        Instant at,
        Status status,
        List<Made> attempts,
        Instant nextAttemptAt,
        Instant endedAt) {

    /** How far a delivery is. */
    enum Status {
        /** It is due or under way, or waits for its next attempt, an earlier event of its session, or a resume. */
        PENDING,
        /** The receiver answered 2xx. */
        DELIVERED,
        /** No more attempts are made, unless it is replayed. */
        FAILED
    }

    /** An attempt that was made. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Made(Instant at, Integer httpStatus, String error, long millis) {

        private static Made of(Object stored) {
            JsonObject attempt = (JsonObject) stored;
            return new Made(
                    Instant.parse(attempt.getString("at")),
                    attempt.getInteger("httpStatus"),
                    attempt.getString("error"),
                    attempt.getLong("millis"));
        }
    }

    static Delivery of(Row row) {
        return new Delivery(
                row.getUUID("event_id"),
                row.getUUID("session_id"),
                row.getString("type"),
                Database.time(row, "at"),
                Status.valueOf(row.getString("status")),
                row.getJsonArray("attempts").stream().map(Made::of).toList(),
                Database.time(row, "next_attempt_at"),
                Database.time(row, "ended_at"));
    }
}
