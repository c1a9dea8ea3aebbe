package io.liveness.gateway.testsupport.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A running server. The system property {@code test.postgres} says which one: none for the binaries from Maven,
 * {@code container} for a container of the image {@code test.postgres.image}, or the directory of an installed PostgreSQL's
 * programs.
 *
 * @param address as in {@code postgresql://localhost:5432}
 * @param user a superuser
 */
public record PostgresServer(String address, String user, String password) {

    private static final String RUNNING = "test.postgres.running.";

    static final Map<String, String> SETTINGS = Map.of(
            "max_connections",
            "200",
            // Tests that ask how a statement is carried out need whole statements in pg_stat_activity.
            "track_activity_query_size",
            "16384");

    /** One server for all gateways under test in this process, whose class loaders differ. It lives as long as the process. */
    public static PostgresServer shared() {
        String address = System.getProperty(RUNNING + "address");
        if (address != null) {
            return new PostgresServer(
                    address, System.getProperty(RUNNING + "user"), System.getProperty(RUNNING + "password"));
        }
        PostgresServer started = start();
        System.setProperty(RUNNING + "address", started.address());
        System.setProperty(RUNNING + "user", started.user());
        System.setProperty(RUNNING + "password", started.password());
        return started;
    }

    private static PostgresServer start() {
        String which = System.getProperty("test.postgres", "");
        return switch (which) {
            case "" -> embedded();
            case "container" -> container();
            default -> PackagedPostgres.start(Path.of(which), SETTINGS).server();
        };
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:" + address + "/" + database, user, password);
    }

    /** Runs the statements in a database, as the superuser. */
    public void execute(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number that a statement answers. */
    public long count(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PostgresServer embedded() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        SETTINGS.forEach(builder::setServerConfig);
        try {
            return new PostgresServer(
                    "postgresql://localhost:" + builder.start().getPort(), "postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("resource") // lives as long as the run
    private static PostgresServer container() {
        DockerImageName image = DockerImageName.parse(System.getProperty("test.postgres.image", "postgres:17"))
                .asCompatibleSubstituteFor("postgres");
        PostgreSQLContainer postgres = new PostgreSQLContainer(image);
        postgres.start();
        return new PostgresServer(
                "postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432),
                postgres.getUsername(),
                postgres.getPassword());
    }
}
