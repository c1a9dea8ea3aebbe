package io.liveness.gateway.platform.postgres.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How the database is reached, and how long it may keep the service waiting. */
@ConfigMapping(prefix = "liveness.database")
public interface DatabaseConfig {

    /** The longest a statement runs. A connection that is silent a little longer than that is given up. */
    @WithDefault("5s")
    @DurationMin(seconds = 3, message = "liveness.database.statement-timeout must be at least 3s")
    @DurationMax(minutes = 5, message = "liveness.database.statement-timeout must be at most 5m")
    Duration statementTimeout();

    /** The longest a statement waits for a connection of the pool. */
    @WithDefault("3s")
    @DurationMin(millis = 100, message = "liveness.database.queue-timeout must be at least 100ms")
    @DurationMax(minutes = 1, message = "liveness.database.queue-timeout must be at most 1m")
    Duration queueTimeout();

    /** Connections beside the pool that only reconciling uses: to claim sessions and to record what the vendor said. */
    @WithDefault("4")
    @Min(value = 1, message = "liveness.database.reserved-connections must be at least 1")
    @Max(value = 100, message = "liveness.database.reserved-connections must be at most 100")
    int reservedConnections();

    /** How many statements may wait for a connection of the pool. */
    @WithDefault("5000")
    @Min(value = 1, message = "liveness.database.queue-size must be at least 1")
    @Max(value = 1_000_000, message = "liveness.database.queue-size must be at most 1000000")
    int queueSize();

    /** The longest until PostgreSQL's host has accepted a connection. */
    @WithDefault("2s")
    @DurationMin(millis = 100, message = "liveness.database.connect-timeout must be at least 100ms")
    @DurationMax(minutes = 1, message = "liveness.database.connect-timeout must be at most 1m")
    Duration connectTimeout();

    /** Whether the way to a database on another host may be without TLS. */
    @WithDefault("false")
    boolean allowPlaintext();
}
