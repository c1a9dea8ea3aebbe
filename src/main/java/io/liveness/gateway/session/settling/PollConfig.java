package io.liveness.gateway.session.settling;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;

/** How unsettled sessions are brought to a verdict. */
@ConfigMapping(prefix = "liveness.reconcile")
interface PollConfig {

    /** How often each replica looks for due sessions. The scheduler's clock ticks in whole seconds, so not below one. */
    @WithDefault("1s")
    @DurationMin(seconds = 1, message = "liveness.reconcile.every must be at least 1s")
    Duration every();

    /** When to ask, as offsets from the moment init was sent; the last step is repeated until the token's end. */
    @WithDefault("10s,20s,40s,1m,2m,5m,10m")
    List<Duration> timetable();

    /** The looks in the last part of a token's life, so long before its end, before all others that are due. */
    @WithDefault("5m,1m,10s")
    List<Duration> lastLooks();

    /** How many sessions a replica asks about at a time: as many calls to the vendor are open at most. */
    @WithDefault("250")
    @Min(value = 1, message = "liveness.reconcile.batch-size must be at least 1")
    @Max(value = 1000, message = "liveness.reconcile.batch-size must be at most 1000")
    int batchSize();

    /** How long a stop waits for answers under way; a whole call to the vendor and a little more. */
    @WithDefault("20s")
    Duration stopTimeout();
}
