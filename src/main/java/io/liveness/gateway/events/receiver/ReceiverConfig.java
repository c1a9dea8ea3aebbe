package io.liveness.gateway.events.receiver;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Receivers of webhooks: which may be called, and limits of a call. */
@ConfigMapping(prefix = "liveness.webhook")
public interface ReceiverConfig {

    /**
     * Receivers that may be called by https: {@code host}, {@code host:port} or {@code *.domain}, at public addresses; a network such as
     * {@code 10.20.0.0/16} or {@code fd00:12::/32}, for hosts with addresses in it, port 443 unless the host is an entry too;
     * {@code http://localhost:port}. Without an entry there are no webhooks.
     */
    Optional<List<String>> allowedHosts();

    /** Longest time of one attempt: name resolution, TCP, TLS and the answer. */
    @WithDefault("15s")
    @DurationMin(millis = 1, message = "liveness.webhook.timeout must be at least 1ms")
    @DurationMax(minutes = 5, message = "liveness.webhook.timeout must be at most 5m")
    Duration timeout();

    /** Attempts at once at one endpoint by each replica. */
    @WithDefault("8")
    @Min(value = 1, message = "liveness.webhook.max-concurrent-per-endpoint must be at least 1")
    @Max(value = 1000, message = "liveness.webhook.max-concurrent-per-endpoint must be at most 1000")
    int maxConcurrentPerEndpoint();

    /** Deliveries under way at once at each replica. */
    @WithDefault("128")
    @Min(value = 1, message = "liveness.webhook.max-concurrent must be at least 1")
    int maxConcurrent();
}
