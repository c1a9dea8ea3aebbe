package io.liveness.gateway.check;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Timeouts of a session. */
@ConfigMapping(prefix = "liveness")
public interface SessionConfig {

    /**
     * How long an open may take until init's answer. A session that is still {@code OPENING} later becomes {@code UNKNOWN} once no living
     * replica holds it. Longer than twice {@code jumdata.connect-timeout} plus {@code jumdata.timeout}.
     */
    @WithDefault("30s")
    Duration openingTimeout();

    /** How long the verdict is polled after a token's end; then a fee without one counts as returned. */
    @WithDefault("1h")
    @DurationMin(nanos = 0, message = "liveness.expiry-grace must not be negative")
    Duration expiryGrace();

    /**
     * Between two signs of life of a replica. Without one for twelve times as long, others write off what it was opening; the same for all
     * replicas.
     */
    @WithDefault("5s")
    @DurationMin(seconds = 1, message = "liveness.heartbeat must be at least 1s")
    @DurationMax(minutes = 1, message = "liveness.heartbeat must be at most 1m")
    Duration heartbeat();
}
