package io.liveness.gateway.platform.postgres.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Where and how a replica listens for the signals of the others. */
@ConfigMapping(prefix = "liveness.signals")
public interface SignalsConfig {

    /** PostgreSQL itself, never a pooler: LISTEN is lost in one. The datasource's address by default. */
    Optional<List<String>> url();

    /** How often the connection is asked for a sign of life, and how long that may take. */
    @WithDefault("2s")
    @DurationMin(millis = 500, message = "liveness.signals.heartbeat must be at least 500ms")
    @DurationMax(minutes = 1, message = "liveness.signals.heartbeat must be at most 1m")
    Duration heartbeat();
}
