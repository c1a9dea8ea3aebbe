package io.liveness.gateway.platform.body;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Request bodies that arrive slowly. */
@ConfigMapping(prefix = "liveness.bodies")
interface BodiesConfig {

    /** Longest time for a whole body to arrive. A statement has {@code liveness.statement.receive-timeout}. */
    @WithDefault("10s")
    @DurationMin(seconds = 2, message = "liveness.bodies.timeout must be at least 2s")
    @DurationMax(minutes = 5, message = "liveness.bodies.timeout must be at most 5m")
    Duration timeout();

    /** Bodies at each replica that are still unfinished a second after their headers; one more is answered 503. */
    @WithDefault("256")
    @Min(value = 1, message = "liveness.bodies.max-unfinished must be at least 1")
    @Max(value = 10_000, message = "liveness.bodies.max-unfinished must be at most 10000")
    int maxUnfinished();

    /** The same of each caller; one more is answered 429. */
    @WithDefault("64")
    @Min(value = 1, message = "liveness.bodies.max-unfinished-per-caller must be at least 1")
    @Max(value = 10_000, message = "liveness.bodies.max-unfinished-per-caller must be at most 10000")
    int maxUnfinishedPerCaller();
}
