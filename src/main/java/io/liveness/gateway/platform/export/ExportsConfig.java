package io.liveness.gateway.platform.export;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Limits for files. Each file takes a connection of the batch lane. */
@ConfigMapping(prefix = "liveness.exports")
public interface ExportsConfig {

    /**
     * Files sent at once by each replica; more are answered 503. Imports and the rest of finance share the 12 connections.
     *
     * @see <a href="docs/finance.md#as-a-file">files</a>
     */
    @WithDefault("2")
    @Min(value = 1, message = "liveness.exports.max-concurrent must be at least 1")
    @Max(value = 8, message = "liveness.exports.max-concurrent must be at most 8")
    int maxConcurrent();

    /** Files sent at once to one caller by each replica; more are answered 429. */
    @WithDefault("1")
    @Min(value = 1, message = "liveness.exports.max-concurrent-per-caller must be at least 1")
    @Max(value = 100, message = "liveness.exports.max-concurrent-per-caller must be at most 100")
    int maxConcurrentPerCaller();

    /** Longest time in which its reader receives nothing. Then the file breaks off. */
    @WithDefault("30s")
    @DurationMin(seconds = 1, message = "liveness.exports.stall-timeout must be at least 1s")
    @DurationMax(minutes = 10, message = "liveness.exports.stall-timeout must be at most 10m")
    Duration stallTimeout();

    /** Longest time for a whole file, and so for its snapshot of the database. */
    @WithDefault("10m")
    @DurationMin(seconds = 1, message = "liveness.exports.max-duration must be at least 1s")
    @DurationMax(hours = 2, message = "liveness.exports.max-duration must be at most 2h")
    Duration maxDuration();
}
