package io.liveness.gateway.platform.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Limit for the difference between a replica's clock and the database's. */
@ConfigMapping(prefix = "liveness.clock")
interface ClockConfig {

    /** A replica whose clock differs by more does not reconcile. */
    @WithDefault("30s")
    @DurationMin(seconds = 1, message = "liveness.clock.max-skew must be at least 1s")
    Duration maxSkew();
}
