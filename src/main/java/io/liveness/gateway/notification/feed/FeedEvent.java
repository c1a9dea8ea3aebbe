package io.liveness.gateway.notification.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An event of the feed. Its type, timestamp and data are those of the webhook. */
@Schema(
        name = "CallerEvent",
        description = "Something that a caller is told. A webhook has its type, timestamp and data as its body.")
record FeedEvent(
        @Schema(required = true, description = "The id of the event: the header `webhook-id` of its webhook.")
        UUID id,

        @Schema(required = true, description = "What happened.", examples = "liveness.session.settled")
        String type,

        @Schema(required = true, description = "When it happened.")
        Instant timestamp,

        @Schema(required = true) Data data) {

    /** What happened to what. */
    @Schema(name = "CallerEventData", description = "What belongs to the type of event; never a token or a face.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Data(
            @Schema(description = "The session that the event is about.")
            UUID sessionId,

            @Schema(description = "The caller's own reference of the session.", maxLength = 64)
            String reference,

            @Schema(description = "The status of the session at that time.", examples = "PASSED")
            String status,

            @Schema(description = "Where its fee stood at that time.", examples = "CHARGED")
            String chargeStatus,

            @Schema(description = "The webhook endpoint that the event is about.")
            UUID endpointId,

            @Schema(description = "What went wrong with the endpoint.", examples = "connection refused")
            String error) {}

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
