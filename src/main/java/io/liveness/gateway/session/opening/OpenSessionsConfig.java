package io.liveness.gateway.session.opening;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Min;
import java.util.OptionalInt;

/** What a caller may have open. */
@ConfigMapping(prefix = "liveness.limits")
interface OpenSessionsConfig {

    /** Sessions of one caller in {@code OPENING} or {@code PENDING}, over all replicas. No limit when not given. */
    @Min(value = 1, message = "liveness.limits.open-sessions must be at least 1")
    OptionalInt openSessions();
}
