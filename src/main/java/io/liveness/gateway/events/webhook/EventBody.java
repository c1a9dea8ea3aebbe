package io.liveness.gateway.events.webhook;

import io.liveness.gateway.platform.body.JsonTime;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The body of a webhook: the event as in the feed, which is {@code {"type","timestamp","data"}} of Standard Webhooks with the event's id. It is
 * made of what is stored at each attempt and reading, so that an erased reference is in none.
 *
 * @param session empty where it is about an endpoint
 * @param reference the caller's own reference of the session
 * @param data the session's {@code status} and {@code charge} when it happened; what happened to an endpoint
 */
record EventBody(
        UUID id,
        String type,
        Instant at,
        UUID endpoint,
        Optional<UUID> session,
        Optional<String> reference,
        JsonObject data) {

    String text() {
        return new JsonObject()
                .put("id", id.toString())
                .put("type", type)
                .put("timestamp", JsonTime.text(at))
                .put("data", shown())
                .encode();
    }

    private JsonObject shown() {
        JsonObject shown = new JsonObject();
        session.ifPresentOrElse(
                of -> {
                    shown.put("sessionId", of.toString());
                    reference.ifPresent(text -> shown.put("reference", text));
                    put(shown, "status", data.getString("status"));
                    put(shown, "chargeStatus", data.getString("charge"));
                },
                () -> shown.mergeIn(data));
        if (!shown.containsKey("sessionId") && !shown.containsKey("endpointId")) {
            // A test: what happened to another endpoint names that.
            shown.put("endpointId", endpoint.toString());
        }
        return shown;
    }

    /** A session that was erased has neither. */
    private static void put(JsonObject shown, String name, String value) {
        if (value != null) {
            shown.put(name, value);
        }
    }
}
