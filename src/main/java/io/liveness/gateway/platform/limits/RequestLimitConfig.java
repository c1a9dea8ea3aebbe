package io.liveness.gateway.platform.limits;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.OptionalInt;

/** Limits of a caller. */
@ConfigMapping(prefix = "liveness.limits")
interface RequestLimitConfig {

    /** Requests of each caller under {@code /v1/}, at each replica, with one second's burst. No limit by default. */
    @Min(value = 1, message = "liveness.limits.requests-per-second must be at least 1")
    @Max(value = 1_000_000, message = "liveness.limits.requests-per-second must be at most 1000000")
    OptionalInt requestsPerSecond();
}
