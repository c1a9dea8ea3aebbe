package io.liveness.gateway.session.waiting;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/** How many reads wait for a verdict in this process. Each costs some 25 KB and a connection of its own. */
@ConfigMapping(prefix = "liveness.waiters")
interface WaitersConfig {

    /** Of all callers together. */
    @WithDefault("5000")
    @Min(value = 1, message = "liveness.waiters.max must be at least 1")
    int max();

    /** Of one caller. */
    @WithDefault("2500")
    @Min(value = 1, message = "liveness.waiters.max-per-caller must be at least 1")
    int maxPerCaller();
}
