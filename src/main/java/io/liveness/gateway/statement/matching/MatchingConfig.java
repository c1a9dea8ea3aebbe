package io.liveness.gateway.statement.matching;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Tolerances when a statement is matched. */
@ConfigMapping(prefix = "liveness.statement")
interface MatchingConfig {

    /** A fee without a line is no difference when it is this near to the start or end of the statement's period. */
    @WithDefault("5m")
    @DurationMin(seconds = 0, message = "liveness.statement.cut-off-tolerance must not be negative")
    @DurationMax(days = 1, message = "liveness.statement.cut-off-tolerance must be at most 24h")
    Duration cutOffTolerance();

    /** A line with an unknown task number can belong to an init without an answer when their times differ by at most this. */
    @WithDefault("30s")
    @DurationMin(seconds = 1, message = "liveness.statement.lost-init-window must be at least 1s")
    @DurationMax(hours = 1, message = "liveness.statement.lost-init-window must be at most 1h")
    Duration lostInitWindow();
}
