package io.liveness.gateway.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Timeouts of a session. */
@ConfigMapping(prefix = "liveness")
public interface SessionConfig {

    /**
     * How long a session may be {@code OPENING} without an answer to init; then it is {@code UNKNOWN}. Longer than twice
     * {@code jumdata.connect-timeout} plus {@code jumdata.timeout}.
     */
    @WithDefault("30s")
    Duration openingTimeout();

    /** How long the verdict is polled after a token's end; then a fee without one counts as returned. */
    @WithDefault("1h")
    @DurationMin(nanos = 0, message = "liveness.expiry-grace must not be negative")
    Duration expiryGrace();
}
