package io.liveness.gateway.statement.matching;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How far the vendor's times and ours may be apart. */
@ConfigMapping(prefix = "liveness.statement")
interface MatchingConfig {

    /** A session without a line is no difference when it is so near to an edge of the statement's period. */
    @WithDefault("5m")
    @DurationMin(seconds = 0, message = "liveness.statement.cut-off-tolerance must not be negative")
    @DurationMax(days = 1, message = "liveness.statement.cut-off-tolerance must be at most 24h")
    Duration cutOffTolerance();

    /** A line without a known task number may be of a lost init that is at most so far from it, before or behind. */
    @WithDefault("30s")
    @DurationMin(seconds = 1, message = "liveness.statement.lost-init-window must be at least 1s")
    @DurationMax(hours = 1, message = "liveness.statement.lost-init-window must be at most 1h")
    Duration lostInitWindow();
}
