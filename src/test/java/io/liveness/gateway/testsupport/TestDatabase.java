package io.liveness.gateway.testsupport;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real PostgreSQL, one for the whole run, with a database of its own for each that asks. From Maven's binaries, or with
 * {@code -Dtest.postgres=container} in a container of the image {@code -Dtest.postgres.image}.
 */
public final class TestDatabase {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "gateway_" + NUMBER.incrementAndGet();

    private TestDatabase() {}

    /** A new, empty database. */
    public static TestDatabase create() {
        TestDatabase database = new TestDatabase();
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + database.name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return database;
    }

    /**
     * The database of a gateway in this process is away: no connection can be made, and those that were are closed. What
     * is returned brings it back.
     */
    public static AutoCloseable away(String database) throws SQLException {
        allowConnections(database, false);
        return () -> allowConnections(database, true);
    }

    private static void allowConnections(String database, boolean allowed) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("alter database " + database + " with allow_connections " + allowed);
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database
                    + "' and application_name = 'liveness-gateway'");
        }
    }

    public Connection connect() {
        try {
            return connect(name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The configuration of a gateway that uses this database. */
    public Map<String, String> configuration() {
        String address = Server.RUNNING.address() + "/" + name;
        return Map.of(
                "quarkus.datasource.username",
                Server.RUNNING.user(),
                "quarkus.datasource.password",
                Server.RUNNING.password(),
                "quarkus.datasource.jdbc.url",
                "jdbc:" + address,
                "quarkus.datasource.reactive.url",
                address);
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + Server.RUNNING.address() + "/" + database, Server.RUNNING.user(), Server.RUNNING.password());
    }

    private record Server(String address, String user, String password) {

        static final Server RUNNING = start();

        private static Server start() {
            return "container".equals(System.getProperty("test.postgres")) ? container() : embedded();
        }

        private static Server embedded() {
            try {
                int port = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        // For tests that ask how a statement is carried out: whole statements in pg_stat_activity.
                        .setServerConfig("track_activity_query_size", "16384")
                        .start()
                        .getPort();
                return new Server("postgresql://localhost:" + port, "postgres", "postgres");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @SuppressWarnings("resource") // lives as long as the run
        private static Server container() {
            DockerImageName image = DockerImageName.parse(System.getProperty("test.postgres.image", "postgres:17"))
                    .asCompatibleSubstituteFor("postgres");
            PostgreSQLContainer postgres = new PostgreSQLContainer(image);
            postgres.start();
            return new Server(
                    "postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432),
                    postgres.getUsername(),
                    postgres.getPassword());
        }
    }
}
