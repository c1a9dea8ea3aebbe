package io.liveness.gateway.platform.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Limits of the batch lane. Its connections are {@code quarkus.datasource.batch}. */
@ConfigMapping(prefix = "liveness.batch")
interface BatchConfig {

    /** Longest time of a statement of finance or of a job. One that a request waits for has 30 seconds. */
    @WithDefault("10m")
    @DurationMin(seconds = 10, message = "liveness.batch.statement-timeout must be at least 10s")
    @DurationMax(hours = 4, message = "liveness.batch.statement-timeout must be at most 4h")
    Duration statementTimeout();
}
