package io.liveness.gateway.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Timeouts of a session. */
@ConfigMapping(prefix = "liveness")
public interface SessionConfig {

    /**
     * Time after which a session {@code OPENING} without an answer to init becomes {@code UNKNOWN}. Longer than twice
     * {@code jumdata.connect-timeout} plus {@code jumdata.timeout}.
     */
    @WithDefault("30s")
    Duration openingTimeout();

    /** Time after a token's end during which the verdict is still polled. After it a fee without a verdict counts as returned. */
    @WithDefault("1h")
    @DurationMin(nanos = 0, message = "liveness.expiry-grace must not be negative")
    Duration expiryGrace();
}
