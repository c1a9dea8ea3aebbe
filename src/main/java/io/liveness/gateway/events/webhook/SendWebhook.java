package io.liveness.gateway.events.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.liveness.gateway.events.receiver.Answer;
import io.liveness.gateway.events.receiver.ReceiverUrl;
import io.liveness.gateway.events.receiver.Receivers;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
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
        String body = Payload.of(delivery);
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
}
