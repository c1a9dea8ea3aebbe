package io.liveness.gateway.events.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/** An event of the feed. Its type, timestamp and data are those of the webhook. */
record FeedEvent(UUID id, String type, Instant timestamp, Data data) {

    /** What happened to what. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Data(UUID sessionId, String reference, String status, String chargeStatus, UUID endpointId, String error) {}

    static FeedEvent of(Row row) {
        return new FeedEvent(
                row.getUUID("id"),
                row.getString("type"),
                row.getOffsetDateTime("at").toInstant(),
                new Data(
                        row.getUUID("session_id"),
                        row.getString("reference"),
                        row.getString("status"),
                        row.getString("charge"),
                        row.getUUID("endpoint_id"),
                        row.getString("error")));
    }
}
