package io.liveness.gateway.platform.postgres.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Connections and timeouts of the database. */
@ConfigMapping(prefix = "liveness.database")
public interface DatabaseConfig {

    /**
     * Longest time of a statement. A connection that is silent for a second longer is closed.
     *
     * @see <a href="docs/decisions/0013-a-silent-connection-is-closed.md">why</a>
     */
    @WithDefault("5s")
    @DurationMin(seconds = 3, message = "liveness.database.statement-timeout must be at least 3s")
    @DurationMax(minutes = 5, message = "liveness.database.statement-timeout must be at most 5m")
    Duration statementTimeout();

    /** Longest time a statement waits for a connection; then the request is answered 503 {@code unavailable}. */
    @WithDefault("3s")
    @DurationMin(millis = 100, message = "liveness.database.queue-timeout must be at least 100ms")
    @DurationMax(minutes = 1, message = "liveness.database.queue-timeout must be at most 1m")
    Duration queueTimeout();

    /** Connections of a replica, opened as needed, for requests that write. */
    @WithDefault("12")
    @Min(value = 1, message = "liveness.database.write-connections must be at least 1")
    @Max(value = 1000, message = "liveness.database.write-connections must be at most 1000")
    int writeConnections();

    /** Connections of a replica that only reconciling uses. */
    @WithDefault("4")
    @Min(value = 1, message = "liveness.database.reserved-connections must be at least 1")
    @Max(value = 100, message = "liveness.database.reserved-connections must be at most 100")
    int reservedConnections();

    /** Statements that wait for a connection at a replica. */
    @WithDefault("5000")
    @Min(value = 1, message = "liveness.database.queue-size must be at least 1")
    @Max(value = 1_000_000, message = "liveness.database.queue-size must be at most 1000000")
    int queueSize();

    /** Longest time until PostgreSQL's host has accepted a connection. */
    @WithDefault("2s")
    @DurationMin(millis = 100, message = "liveness.database.connect-timeout must be at least 100ms")
    @DurationMax(minutes = 1, message = "liveness.database.connect-timeout must be at most 1m")
    Duration connectTimeout();

    /**
     * Allows a database on another host without TLS. Otherwise such an address stops the start.
     *
     * @see <a href="docs/deployment.md#tls">TLS</a>
     */
    @WithDefault("false")
    boolean allowPlaintext();
}
