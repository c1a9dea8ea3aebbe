package io.liveness.gateway.platform.postgres.schema;

import io.liveness.gateway.platform.postgres.DatabaseFailure;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.platform.start.StartRefused;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.Startup;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationState;

/**
 * Stops the start on a schema that lacks a migration of this release, where another process migrates, and when the reactive driver is
 * refused where JDBC was let in, for example since its settings of TLS do not fit, or led to another database. A schema of a later release is served. A database that
 * went away meanwhile is waited for, not ready.
 */
@Startup(SchemaRule.BEFORE_THE_SCHEMA_IS_USED)
@Singleton
class SchemaRule {

    /** The check is before the scheduler, whose priority is 0. */
    static final int BEFORE_THE_SCHEMA_IS_USED = -200;

    private static final String REACTIVE = "quarkus.datasource.reactive.url";
    private static final String PROPERTY = "quarkus.flyway.migrate-at-start";

    /** Never run, or left out since a later one was run before, or failed. */
    private static final Set<MigrationState> LACKING =
            EnumSet.of(MigrationState.PENDING, MigrationState.IGNORED, MigrationState.FAILED);

    SchemaRule(
            @ConfigProperty(name = PROPERTY) boolean migrated,
            Flyway flyway,
            @DataSource("batch") javax.sql.DataSource batch,
            Pool pool) {
        requireMigrated(migrated, flyway);
        requireReactive(pool);
        requireSame("quarkus.datasource.jdbc.url", flyway.getConfiguration().getDataSource(), pool);
        requireSame("quarkus.datasource.batch.jdbc.url", batch, pool);
    }

    static void requireMigrated(boolean migrated, Flyway flyway) {
        if (migrated) {
            return;
        }
        String lacking = Arrays.stream(flyway.info().all())
                .filter(migration -> LACKING.contains(migration.getState()))
                .map(migration -> migration.getVersion() + " " + migration.getDescription())
                .collect(Collectors.joining(", "));
        if (!lacking.isEmpty()) {
            throw new StartRefused("The database's schema is older than this release: it lacks the migrations "
                    + lacking + ". With " + PROPERTY
                    + "=false another process runs them first, as the schema's owner: this"
                    + " release with QUARKUS_PROFILE=migrate");
        }
    }

    private static void requireReactive(Pool pool) {
        try {
            pool.query("select 1").execute().await().indefinitely();
        } catch (RuntimeException failure) {
            unlessItPasses(failure, REACTIVE);
        }
    }

    /**
     * Takes a lock by the one address and asks for it by the other: PostgreSQL keeps such locks for each database. It needs no rights, and
     * works through a pooler. A number of its own keeps replicas that start together apart.
     */
    static void requireSame(String property, javax.sql.DataSource jdbc, Pool reactive) {
        long lock = ThreadLocalRandom.current().nextLong();
        try (Connection connection = jdbc.getConnection()) {
            connection.setAutoCommit(false);
            Sql.list(connection, "select pg_advisory_xact_lock(?)", row -> row, lock);
            boolean elsewhere = reactive.query("select pg_try_advisory_xact_lock(" + lock + ")")
                    .execute()
                    .await()
                    .indefinitely()
                    .iterator()
                    .next()
                    .getBoolean(0);
            connection.rollback();
            if (elsewhere) {
                throw new StartRefused(property + " and " + REACTIVE + " lead to different databases");
            }
        } catch (SQLException failure) {
            unlessItPasses(failure, property);
        } catch (StartRefused refused) {
            throw refused;
        } catch (RuntimeException failure) {
            unlessItPasses(failure, REACTIVE);
        }
    }

    private static void unlessItPasses(Exception failure, String property) {
        if (!DatabaseFailure.of(failure).passes()) {
            throw new StartRefused(
                    "The database refuses " + property + " and the settings beside it: " + failure.getMessage());
        }
    }

    /** Stops the start when only half of the owner's account is given: migrations would silently run as the service's user. */
    @Singleton
    static class MigrationAccount implements ConfigurationRule {

        private static final String USERNAME = "quarkus.flyway.username";
        private static final String PASSWORD = "quarkus.flyway.password";

        MigrationAccount(
                @ConfigProperty(name = USERNAME) Optional<String> username,
                @ConfigProperty(name = PASSWORD) Optional<String> password) {
            if (username.isPresent() != password.isPresent()) {
                throw new IllegalArgumentException(USERNAME + " and " + PASSWORD + " must be given together");
            }
        }
    }
}
