package io.liveness.gateway.notify.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.notify.receiver.ReceiverUrl;
import io.liveness.gateway.notify.receiver.Receivers;
import io.liveness.gateway.notify.receiver.Receivers.ReceiverAnswer;
import io.liveness.gateway.notify.webhook.LeaseDeliveries.LeasedDelivery;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Signs a delivery by Standard Webhooks and posts it. */
@Singleton
class SendWebhook {

    /**
     * An attempt of a delivery, as it is recorded.
     *
     * @param pause before the next attempt; zero where there is none
     */
    record SentWebhook(
            LeasedDelivery delivery, WebhookResult result, Duration pause, Instant at, ReceiverAnswer answer) {

        /** What becomes of the delivery. */
        enum WebhookResult {
            /** The receiver has it. */
            DELIVERED,
            /** The delivery is attempted again. */
            RETRY,
            /** The last attempt failed. */
            FAILED,
            /** The receiver answered 410. It is kept for the endpoint's owner, who may resume it. */
            GONE
        }

        private static final int GONE = 410;
        private static final Set<Integer> BUSY = Set.of(429, 503);

        static SentWebhook of(LeasedDelivery delivery, Instant at, ReceiverAnswer answer, RetryPauses pauses) {
            int status = answer.httpStatus().orElse(0);
            if (status >= 200 && status < 300) {
                return new SentWebhook(delivery, WebhookResult.DELIVERED, Duration.ZERO, at, answer);
            }
            if (delivery.once()) {
                return new SentWebhook(delivery, WebhookResult.FAILED, Duration.ZERO, at, answer);
            }
            if (status == GONE) {
                return new SentWebhook(delivery, WebhookResult.GONE, Duration.ZERO, at, answer);
            }
            Optional<Duration> pause = pauses.after(delivery.attempt() + 1, answer.retryAfter());
            return new SentWebhook(
                    delivery,
                    pause.isPresent() ? WebhookResult.RETRY : WebhookResult.FAILED,
                    pause.orElse(Duration.ZERO),
                    at,
                    answer);
        }

        /** Null after a success. */
        String error() {
            return result == WebhookResult.DELIVERED
                    ? null
                    : answer.error()
                            .orElseGet(() -> "HTTP " + answer.httpStatus().getAsInt());
        }

        /** How long the receiver is not to be called, for any delivery. */
        Optional<Duration> askedOfAll() {
            return BUSY.contains(answer.httpStatus().orElse(0)) ? answer.retryAfter() : Optional.empty();
        }

        /** The attempt as an entry of its delivery's list of attempts. */
        JsonObject stored() {
            JsonObject stored = new JsonObject().put("at", JsonTime.text(at));
            answer.httpStatus().ifPresent(status -> stored.put("httpStatus", status));
            answer.error().ifPresent(error -> stored.put("error", error));
            answer.text().ifPresent(text -> stored.put("answer", text));
            return stored.put("millis", answer.took().toMillis());
        }
    }

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
    Uni<SentWebhook> send(LeasedDelivery delivery) {
        Instant now = clock.instant();
        return Uni.createFrom()
                .deferred(() -> post(delivery, now))
                .map(answer -> SentWebhook.of(delivery, now, answer, pauses));
    }

    private Uni<ReceiverAnswer> post(LeasedDelivery delivery, Instant now) {
        String body = delivery.event().body();
        return receivers.post(
                ReceiverUrl.parse(delivery.url()).orElseThrow(),
                Map.of(
                        "webhook-id", delivery.event().id().toString(),
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
                        .sign(delivery.event().id().toString(), now.getEpochSecond(), body));
            } catch (EmptyWebhookSecretException | WebhookSigningException e) {
                throw new IllegalStateException("A webhook cannot be signed", e);
            }
        }
        return String.join(" ", signatures);
    }

    /** When a delivery is attempted again: {@code liveness.webhook.retries}, each with a fifth more or less. */
    @Singleton
    static class RetryPauses implements ConfigurationRule {

        private static final double JITTER = 0.2;

        private final List<Duration> pauses;
        private final DoubleSupplier random;

        @Inject
        RetryPauses(WebhookConfig config) {
            this(config.retries(), () -> ThreadLocalRandom.current().nextDouble());
        }

        /** @param random from 0 to 1 */
        RetryPauses(List<Duration> pauses, DoubleSupplier random) {
            if (pauses.stream().anyMatch(pause -> pause.isNegative() || pause.isZero())) {
                throw new IllegalArgumentException(
                        "liveness.webhook.retries must be positive durations, but is " + pauses);
            }
            this.pauses = List.copyOf(pauses);
            this.random = random;
        }

        /**
         * Returns the pause before the next attempt, empty after the last one.
         *
         * @param attempts how many there were, at least one
         * @param askedFor the receiver's {@code Retry-After}
         */
        Optional<Duration> after(int attempts, Optional<Duration> askedFor) {
            if (attempts > pauses.size()) {
                return Optional.empty();
            }
            double factor = 1 - JITTER + 2 * JITTER * random.getAsDouble();
            Duration pause = Duration.ofMillis((long) (pauses.get(attempts - 1).toMillis() * factor));
            Duration asked = askedFor.orElse(Duration.ZERO);
            return Optional.of(asked.compareTo(pause) > 0 ? asked : pause);
        }
    }
}
