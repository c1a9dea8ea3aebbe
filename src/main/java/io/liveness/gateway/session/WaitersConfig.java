package io.liveness.gateway.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/** Limits for reads that wait for a verdict ({@code waitSeconds}). Each costs some 25 KB and an HTTP connection. */
@ConfigMapping(prefix = "liveness.waiters")
interface WaitersConfig {

    /** Waiting reads at a replica; more are answered 503. Each takes 25 KB of heap and a connection. */
    @WithDefault("5000")
    @Min(value = 1, message = "liveness.waiters.max must be at least 1")
    int max();

    /** Waiting reads of one caller at a replica; more are answered 429. */
    @WithDefault("2500")
    @Min(value = 1, message = "liveness.waiters.max-per-caller must be at least 1")
    int maxPerCaller();
}
