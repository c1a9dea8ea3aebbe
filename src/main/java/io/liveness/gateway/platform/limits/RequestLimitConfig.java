package io.liveness.gateway.platform.limits;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.OptionalInt;

/** What a caller may ask of one replica. */
@ConfigMapping(prefix = "liveness.limits")
interface RequestLimitConfig {

    /** Of each caller, at each replica, with one second's burst. No limit when not given. */
    @Min(value = 1, message = "liveness.limits.requests-per-second must be at least 1")
    @Max(value = 1_000_000, message = "liveness.limits.requests-per-second must be at most 1000000")
    OptionalInt requestsPerSecond();
}
