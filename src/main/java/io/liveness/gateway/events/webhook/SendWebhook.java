package io.liveness.gateway.events.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.liveness.gateway.events.receiver.ReceiverUrl;
import io.liveness.gateway.events.receiver.Receivers;
import io.liveness.gateway.events.receiver.Receivers.Answer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Signs a delivery by Standard Webhooks and posts it. */
@Singleton
class SendWebhook {

    private final Receivers receivers;
    private final EndpointSecrets secrets;
    private final RetryPauses pauses;
    private final Clock clock;

    SendWebhook(Receivers receivers, EndpointSecrets secrets, RetryPauses pauses, Clock clock) {
        this.receivers = receivers;
        this.secrets = secrets;
        this.pauses = pauses;
        this.clock = clock;
    }

    /** Fails when the gateway has an error, which is not the endpoint's: what goes wrong there is part of the attempt. */
    Uni<Attempt> send(LeasedDelivery delivery) {
        Instant now = clock.instant();
        return Uni.createFrom()
                .deferred(() -> post(delivery, now))
                .map(answer -> Attempt.of(delivery, now, answer, pauses));
    }

    private Uni<Answer> post(LeasedDelivery delivery, Instant now) {
        String body = payload(delivery);
        return receivers.post(
                ReceiverUrl.parse(delivery.url()).orElseThrow(),
                Map.of(
                        "webhook-id", delivery.event().toString(),
                        "webhook-timestamp", Long.toString(now.getEpochSecond()),
                        "webhook-signature", signatures(delivery, now, body)),
                Buffer.buffer(body));
    }

    /** One for each secret, so that a receiver that still has an old one accepts it. */
    private String signatures(LeasedDelivery delivery, Instant now, String body) {
        List<String> signatures = new ArrayList<>();
        for (byte[] sealed : delivery.secretsSealed()) {
            try {
                signatures.add(new Webhook(secrets.open(delivery.endpoint(), sealed))
                        .sign(delivery.event().toString(), now.getEpochSecond(), body));
            } catch (EmptyWebhookSecretException | WebhookSigningException e) {
                throw new IllegalStateException("A webhook cannot be signed", e);
            }
        }
        return String.join(" ", signatures);
    }

    /** The body: {@code {"type","timestamp","data"}} as Standard Webhooks has it; {@code data} as in the feed. */
    private static String payload(LeasedDelivery delivery) {
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
