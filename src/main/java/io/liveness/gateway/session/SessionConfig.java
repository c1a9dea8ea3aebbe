package io.liveness.gateway.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the gateway waits for what it cannot force. */
@ConfigMapping(prefix = "liveness")
public interface SessionConfig {

    /** After that long without an answer to init, an {@code OPENING} session counts as orphaned. Longer than a whole call to the vendor. */
    @WithDefault("30s")
    Duration openingTimeout();

    /** How long after a token's end a verdict is still asked for, and after which a lost fee counts as returned. */
    @WithDefault("1h")
    Duration expiryGrace();
}
