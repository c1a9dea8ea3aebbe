package io.liveness.gateway.notify;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Receivers of webhooks and limits of a call, when webhooks are delivered, and how long deliveries are kept. */
@ConfigMapping(prefix = "liveness.webhook")
public interface WebhookConfig {

    /**
     * Receivers by https at public addresses: {@code host}, {@code host:port}, {@code *.domain}; networks such as {@code 10.20.0.0/16} or
     * {@code fd00:12::/32} (port 443, or the host is an entry too); {@code http://localhost:port}. None: no webhooks.
     */
    Optional<List<String>> allowedHosts();

    /** Limit of an attempt: name, TCP, TLS and answer. */
    @WithDefault("15s")
    @DurationMin(millis = 1, message = "liveness.webhook.timeout must be at least 1ms")
    @DurationMax(minutes = 5, message = "liveness.webhook.timeout must be at most 5m")
    Duration timeout();

    /** Attempts of a replica at once at one endpoint. */
    @WithDefault("8")
    @Min(value = 1, message = "liveness.webhook.max-concurrent-per-endpoint must be at least 1")
    @Max(value = 1000, message = "liveness.webhook.max-concurrent-per-endpoint must be at most 1000")
    int maxConcurrentPerEndpoint();

    /** Deliveries of a replica at once; more wait. */
    @WithDefault("128")
    @Min(value = 1, message = "liveness.webhook.max-concurrent must be at least 1")
    int maxConcurrent();

    /** Pauses before the next attempts, each up to a fifth more or less; after the last the delivery has failed. */
    @WithDefault("5s,5m,30m,2h,5h,10h,14h,20h,24h")
    List<Duration> retries();

    /** An endpoint that failed for this long is paused. */
    @WithDefault("24h")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.webhook.pause-after must be positive")
    Duration pauseAfter();

    /** How long a replaced secret still signs. */
    @WithDefault("24h")
    Duration oldSecretValid();

    /** How long deliveries are kept after their end; what a paused endpoint has missed longer is not delivered. */
    @WithDefault("30d")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.webhook.delivery-retention must be positive")
    Duration deliveryRetention();

    /** Endpoints of one caller. */
    @WithDefault("10")
    @Min(value = 1, message = "liveness.webhook.max-endpoints must be at least 1")
    @Max(value = 1000, message = "liveness.webhook.max-endpoints must be at most 1000")
    int maxEndpoints();

    /**
     * How long a delivery is leased, in milliseconds as a parameter of a statement: longer than the longest attempt and its recording, for
     * which there are 20 seconds.
     */
    static double leaseMillis(WebhookConfig config) {
        return config.timeout().plusSeconds(20).toMillis();
    }
}
