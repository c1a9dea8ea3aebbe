package io.liveness.gateway.platform.postgres.schema;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.liveness.gateway.platform.Outage;
import io.liveness.gateway.platform.postgres.DatabaseFailure;
import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Has the start wait for a database that takes writes, migrations or not. A process that ended instead would be started again later and
 * later by its orchestrator. Meanwhile the management port answers that the process is live and not ready.
 */
@Singleton
class AwaitDatabase implements FlywayConfigurationCustomizer {

    private static final int AFTER_ALL_OTHERS = Integer.MAX_VALUE;
    private static final long BETWEEN_TRIES_MILLIS = 1_000;

    private final InetSocketAddress management;
    private final Outage outage = new Outage("database", Duration.ZERO);
    private HttpServer health;

    AwaitDatabase(
            @ConfigProperty(name = "quarkus.management.host") Optional<String> host,
            @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int port) {
        this.management = new InetSocketAddress(host.orElse("0.0.0.0"), port);
    }

    /** Flyway makes its first connection afterwards. */
    @Override
    public void customize(FluentConfiguration flyway) {
        lockBySession(flyway);
        if (flyway.getUrl() != null) {
            // An account of Flyway's own lacks the datasource's properties.
            flyway.jdbcProperties(Map.of("targetServerType", "primary"))
                    .dataSource(flyway.getUrl(), flyway.getUser(), flyway.getPassword());
        }
        Thread starting = Thread.currentThread();
        // Quarkus waits for the end of a start before it stops.
        Thread stop = new Thread(starting::interrupt);
        Runtime.getRuntime().addShutdownHook(stop);
        while (isAway(flyway.getDataSource())) {
            answerHealth();
            pause();
        }
        outage.works();
        removeHook(stop);
    }

    /**
     * Has Flyway hold its lock by the session. By default it holds it in a transaction that stays open, and an index that is created
     * concurrently waits for the end of that transaction, hence for ever.
     */
    static void lockBySession(FluentConfiguration flyway) {
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
    }

    private boolean isAway(DataSource database) {
        try (Connection connection = database.getConnection()) {
            return false;
        } catch (SQLException failure) {
            if (!DatabaseFailure.of(failure).passes()) {
                // Flyway fails with it, and says so.
                return false;
            }
            outage.failed(failure.getMessage());
            return true;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Asked to stop while the database was away", e);
        }
    }

    private static void removeHook(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException stopping) {
            // A hook that cannot be removed has run.
        }
    }

    /** Quarkus listens there when the start is over. */
    private void answerHealth() {
        if (health != null) {
            return;
        }
        try {
            health = HttpServer.create(management, 0);
        } catch (IOException e) {
            throw new IllegalStateException("quarkus.management.port cannot be listened at: " + management, e);
        }
        health.createContext("/q/health/live", request -> answer(request, 200, "UP"));
        health.createContext("/q/health/started", request -> answer(request, 200, "UP"));
        health.createContext("/q/health", request -> answer(request, 503, "DOWN"));
        health.start();
    }

    private static void answer(HttpExchange request, int status, String health) throws IOException {
        byte[] body = ("{\"status\":\"" + health + "\",\"checks\":[]}").getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().set("Content-Type", "application/json");
        request.sendResponseHeaders(status, body.length);
        request.getResponseBody().write(body);
        request.close();
    }

    void started(@Observes @Priority(AFTER_ALL_OTHERS) StartupEvent start) {
        if (health != null) {
            health.stop(0);
        }
    }
}
