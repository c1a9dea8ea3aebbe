package io.liveness.gateway.events;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;

/** When webhooks are delivered, and how long deliveries are kept. */
@ConfigMapping(prefix = "liveness.webhook")
public interface WebhookConfig {

    /** Interval at which each replica looks for due deliveries. The scheduler counts whole seconds. */
    @WithDefault("1s")
    @DurationMin(seconds = 1, message = "liveness.webhook.every must be at least 1s")
    Duration every();

    /**
     * Pauses before the second attempt of a delivery, the third and so on, each with up to a fifth more or less. After the last one the
     * delivery has failed.
     */
    @WithDefault("5s,5m,30m,2h,5h,10h,14h,20h,24h")
    List<Duration> retries();

    /** An endpoint all of whose attempts failed for this long is paused. */
    @WithDefault("24h")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.webhook.pause-after must be positive")
    Duration pauseAfter();

    /** How long a secret that was replaced still signs. */
    @WithDefault("24h")
    Duration oldSecretValid();

    /**
     * How long deliveries are kept after their end. What a paused endpoint has missed for that time is not delivered any more.
     */
    @WithDefault("30d")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.webhook.delivery-retention must be positive")
    Duration deliveryRetention();

    /** Endpoints of one caller. */
    @WithDefault("10")
    @Min(value = 1, message = "liveness.webhook.max-endpoints must be at least 1")
    @Max(value = 1000, message = "liveness.webhook.max-endpoints must be at most 1000")
    int maxEndpoints();
}
