package io.liveness.gateway.platform.export;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How many files are sent at once, and how long one may take. Each has a separate connection to the database. */
@ConfigMapping(prefix = "liveness.exports")
public interface ExportsConfig {

    /** Files under way at once at this replica. */
    @WithDefault("2")
    @Min(value = 1, message = "liveness.exports.max-concurrent must be at least 1")
    @Max(value = 100, message = "liveness.exports.max-concurrent must be at most 100")
    int maxConcurrent();

    /** Of one caller. */
    @WithDefault("1")
    @Min(value = 1, message = "liveness.exports.max-concurrent-per-caller must be at least 1")
    @Max(value = 100, message = "liveness.exports.max-concurrent-per-caller must be at most 100")
    int maxConcurrentPerCaller();

    /** The longest without progress: the reader takes nothing, or the database gives no row. */
    @WithDefault("30s")
    @DurationMin(seconds = 1, message = "liveness.exports.stall-timeout must be at least 1s")
    @DurationMax(minutes = 10, message = "liveness.exports.stall-timeout must be at most 10m")
    Duration stallTimeout();

    /** The longest for a whole file, and so for its snapshot of the database. */
    @WithDefault("10m")
    @DurationMin(seconds = 1, message = "liveness.exports.max-duration must be at least 1s")
    @DurationMax(hours = 2, message = "liveness.exports.max-duration must be at most 2h")
    Duration maxDuration();
}
