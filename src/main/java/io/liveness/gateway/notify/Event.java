package io.liveness.gateway.notify;

import io.liveness.gateway.platform.http.JsonTime;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * An event as callers are told of it: the body of a webhook ({@code type}, {@code timestamp} and {@code data} are those of Standard
 * Webhooks), and an item of the feed. It is made of what is stored at each attempt and reading, so that an erased reference is in none.
 */
public record Event(UUID id, String type, Instant timestamp, Map<String, Object> data) {

    /**
     * Reads the columns {@code event_id, type, at, endpoint_id, session_id, reference, data}. {@code data} has the session's {@code status} and
     * {@code charge} when it happened, or what happened to an endpoint.
     */
    public static Event of(Row row) {
        JsonObject stored = row.getJsonObject("data");
        Map<String, Object> data = new LinkedHashMap<>();
        put(data, "sessionId", row.getUUID("session_id"));
        if (data.isEmpty()) {
            data.putAll(stored.getMap());
        } else {
            put(data, "reference", row.getString("reference"));
            // A session that was erased has neither.
            put(data, "status", stored.getString("status"));
            put(data, "chargeStatus", stored.getString("charge"));
        }
        if (!data.containsKey("sessionId")) {
            // A test: what happened to another endpoint names that.
            data.putIfAbsent("endpointId", row.getUUID("endpoint_id").toString());
        }
        return new Event(
                row.getUUID("event_id"),
                row.getString("type"),
                row.getOffsetDateTime("at").toInstant(),
                data);
    }

    private static void put(Map<String, Object> data, String name, Object value) {
        if (value != null) {
            data.put(name, value.toString());
        }
    }

    /** The body of its webhook. */
    public String body() {
        return new JsonObject()
                .put("id", id.toString())
                .put("type", type)
                .put("timestamp", JsonTime.text(timestamp))
                .put("data", new JsonObject(data))
                .encode();
    }

    /** The text leaves out the reference. */
    @Override
    public String toString() {
        return type + " " + id;
    }
}
