package io.liveness.gateway.session.opening;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Min;
import java.util.OptionalInt;

/** Sessions of a caller that are open at once. */
@ConfigMapping(prefix = "liveness.limits")
interface OpenSessionsConfig {

    /** Sessions of each caller in {@code OPENING} or {@code PENDING}, over all replicas. No limit by default. */
    @Min(value = 1, message = "liveness.limits.open-sessions must be at least 1")
    OptionalInt openSessions();
}
