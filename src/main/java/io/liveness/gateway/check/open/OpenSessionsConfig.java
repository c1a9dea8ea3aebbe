package io.liveness.gateway.check.open;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.util.OptionalInt;

/** Sessions of a caller that are open at once, and its share of opens. */
@ConfigMapping(prefix = "liveness.limits")
interface OpenSessionsConfig {

    /** Sessions of each caller in {@code OPENING} or {@code PENDING}, over all replicas. */
    @Min(value = 1, message = "liveness.limits.open-sessions must be at least 1")
    @WithName("open-sessions")
    OptionalInt maxOpenSessions();

    /** Share of a replica's recent opens above which a caller waits while the budget is short and others ask. 1: no limit. */
    @WithDefault("0.5")
    @DecimalMin(value = "0.01", message = "liveness.limits.open-share must be at least 0.01")
    @DecimalMax(value = "1", message = "liveness.limits.open-share must be at most 1")
    double openShare();
}
