package io.liveness.gateway.platform.postgres.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The connection that receives signals of sessions settled by other replicas. */
@ConfigMapping(prefix = "liveness.signals")
public interface SignalsConfig {

    /**
     * Address for LISTEN: PostgreSQL itself, never a pooler. The datasource's reactive URL by default, with its user,
     * password and trust.
     *
     * @see <a href="docs/deployment.md#pooler">pooler</a>
     */
    Optional<List<String>> url();

    /** Interval of the heartbeat on this connection, and the time allowed for its answer. */
    @WithDefault("2s")
    @DurationMin(millis = 500, message = "liveness.signals.heartbeat must be at least 500ms")
    @DurationMax(minutes = 1, message = "liveness.signals.heartbeat must be at most 1m")
    Duration heartbeat();
}
