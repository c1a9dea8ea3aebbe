package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets.ServerOnlyReads;
import io.quarkus.arc.Unremovable;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Ready is a replica that knows the database's time and has a statement answered over the pool in time, by a server that takes writes.
 * Tells too when the planner is not set as the service needs it.
 */
@Readiness
@Unremovable
@Singleton
public class DatabaseReady implements AsyncHealthCheck {

    private static final Logger LOG = Logger.getLogger(DatabaseReady.class);

    private static final String NAME = "database";
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final String SETTINGS = PostgresConnections.PLANNER_OFF.stream()
            .map("current_setting('%s')"::formatted)
            .collect(Collectors.joining(", ", "select current_setting('transaction_read_only'), ", ""));

    private final Pool pool;
    private final DatabaseClock clock;
    private volatile String told = "";

    DatabaseReady(Pool pool, DatabaseClock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return pool.withConnection(connection -> connection
                        .query(SETTINGS)
                        .execute()
                        .map(rows -> rows.iterator().next())
                        .call(settings -> requireWrites(connection, settings)))
                .invoke(this::complain)
                .map(answered ->
                        HealthCheckResponse.named(NAME).status(clock.isRead()).build())
                .ifNoItem()
                .after(LIMIT)
                .fail()
                .onFailure()
                .recoverWithItem(failure -> HealthCheckResponse.named(NAME)
                        .down()
                        .withData(
                                "reason", DatabaseUnavailable.isOnlyReads(failure) ? "only reads" : "cannot be reached")
                        .build());
    }

    /** A pooler may have changed the server behind the connection. */
    private static Uni<Void> requireWrites(SqlConnection connection, Row settings) {
        if ("off".equals(settings.getString(0))) {
            return Uni.createFrom().voidItem();
        }
        Future<Void> dropped =
                PostgresSockets.dropPooled(connection.getDelegate(), new ServerOnlyReads("The server of a connection"));
        return Uni.createFrom().completionStage(dropped.toCompletionStage());
    }

    /** A pooler that ignores the startup parameters leaves the database's defaults in force. */
    private void complain(Row settings) {
        String on = IntStream.range(0, PostgresConnections.PLANNER_OFF.size())
                .filter(n -> !"off".equals(settings.getString(n + 1)))
                .mapToObj(PostgresConnections.PLANNER_OFF::get)
                .collect(Collectors.joining(", "));
        if (!on.isEmpty() && !on.equals(told)) {
            LOG.errorf(
                    "database.planner on: %s. Statements may take seconds. Behind a pooler, switch them off for the role: "
                            + "alter role <user> set jit = off, and so for each",
                    on);
        }
        told = on;
    }
}
