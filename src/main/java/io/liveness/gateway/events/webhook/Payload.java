package io.liveness.gateway.events.webhook;

import io.vertx.core.json.JsonObject;

/** The body of a webhook, and an entry of the feed: {@code {"type","timestamp","data"}} as Standard Webhooks has it. */
final class Payload {

    private Payload() {}

    static String of(LeasedDelivery delivery) {
        JsonObject data = new JsonObject();
        delivery.session()
                .ifPresentOrElse(
                        session -> {
                            data.put("sessionId", session.toString());
                            delivery.reference().ifPresent(reference -> data.put("reference", reference));
                            put(data, "status", delivery.data().getString("status"));
                            put(data, "chargeStatus", delivery.data().getString("charge"));
                        },
                        () -> data.put("endpointId", delivery.endpoint().toString()));
        return new JsonObject()
                .put("type", delivery.type())
                .put("timestamp", delivery.at().toString())
                .put("data", data)
                .encode();
    }

    /** A session that was erased has neither. */
    private static void put(JsonObject data, String name, String value) {
        if (value != null) {
            data.put(name, value);
        }
    }
}
