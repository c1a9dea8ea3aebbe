package io.liveness.gateway.check.schedule;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;

/** Polling of sessions that are not settled. */
@ConfigMapping(prefix = "liveness.poll")
public interface PollConfig {

    /** Times of polls from init on, ascending; the last step repeats until the token's end. */
    @WithDefault("10s,20s,40s,1m,2m,5m,10m")
    List<Duration> timetable();

    /** Times of the final polls before the token's end, ahead of all other polls; each shorter than the token's lifetime. */
    @WithName("final-polls")
    @WithDefault("5m,1m,10s")
    List<Duration> finalPolls();

    /** Sessions a replica polls at once. */
    @WithDefault("250")
    @Min(value = 1, message = "liveness.poll.batch-size must be at least 1")
    @Max(value = 1000, message = "liveness.poll.batch-size must be at most 1000")
    int batchSize();
}
