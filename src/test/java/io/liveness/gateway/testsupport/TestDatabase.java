package io.liveness.gateway.testsupport;

import io.liveness.gateway.testsupport.postgres.PostgresServer;
import io.liveness.gateway.testsupport.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** A separate database for each test that asks, on one real PostgreSQL for the whole run: see {@link PostgresServer}. */
public final class TestDatabase {

    private final String name = "gateway_" + UUID.randomUUID().toString().replace("-", "");
    private final Supplier<PostgresServer> server;
    private final String addressOfGateways;

    private TestDatabase(Supplier<PostgresServer> server, String addressOfGateways) {
        this.server = server;
        this.addressOfGateways = addressOfGateways;
    }

    /** A new, empty database. */
    public static TestDatabase create() {
        return create(() -> Server.RUNNING, Server.RUNNING.address());
    }

    /**
     * A new, empty database on a server of the test's own.
     *
     * @param server what the test itself asks at the moment
     * @param addressOfGateways where gateways find it, as in {@code postgresql://localhost:5432}
     */
    public static TestDatabase create(Supplier<PostgresServer> server, String addressOfGateways) {
        TestDatabase database = new TestDatabase(server, addressOfGateways);
        server.get().execute("postgres", "create database " + database.name);
        return database;
    }

    /** A backup of all that it has now. @param programs the directory of pg_dump */
    public Path backup(Path programs) {
        try {
            Path backup = Files.createTempFile("liveness-backup.", ".sql");
            backup.toFile().deleteOnExit();
            run(programs.resolve("pg_dump"), "--file", backup.toString());
            return backup;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Restores a backup into this one, which is empty. @param programs the directory of psql */
    public void restore(Path programs, Path backup) {
        run(programs.resolve("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "--file", backup.toString());
    }

    private void run(Path program, String... options) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(options));
        PostgresServer at = server.get();
        command.add(at.address().replace("//", "//" + at.user() + ":" + at.password() + "@") + "/" + name);
        Command.succeed(Path.of("."), command.toArray(String[]::new));
    }

    /**
     * The database of a gateway in this process is away: no connection can be made, and those that were are closed. What
     * is returned brings it back.
     */
    public static AutoCloseable away(String database) {
        allowConnections(database, false);
        return () -> allowConnections(database, true);
    }

    /** New connections to a database can only read, as those to a standby. What is returned ends that. */
    public static AutoCloseable onlyReads(String database) {
        readOnly(database, true);
        return () -> readOnly(database, false);
    }

    private static void readOnly(String database, boolean only) {
        change(database, "alter database " + database + " set default_transaction_read_only = " + only);
    }

    private static void allowConnections(String database, boolean allowed) {
        change(database, "alter database " + database + " with allow_connections " + allowed);
    }

    private static void change(String database, String sql) {
        Server.RUNNING.execute(
                "postgres",
                sql,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database
                        + "' and application_name = 'liveness-gateway'");
    }

    public Connection connect() {
        try {
            return server.get().connect(name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number that a statement answers. */
    public long count(String sql) {
        return server.get().count(name, sql);
    }

    /** What a statement answers, as text; null for null. */
    public List<List<String>> rows(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    values.add(row.getString(column));
                }
                rows.add(values);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void execute(String sql) {
        server.get().execute(name, sql);
    }

    /** The configuration of a gateway that uses this database. */
    public Map<String, String> configuration() {
        String address = addressOfGateways + "/" + name;
        return Map.of(
                "quarkus.datasource.username",
                server.get().user(),
                "quarkus.datasource.password",
                server.get().password(),
                "quarkus.datasource.jdbc.url",
                "jdbc:" + address,
                "quarkus.datasource.reactive.url",
                address);
    }

    /** Flyway with this release's migrations, as a gateway runs them. */
    public FluentConfiguration flyway() {
        Map<String, String> configuration = configuration();
        String user = configuration.get("quarkus.datasource.username");
        return Flyway.configure()
                .dataSource(
                        configuration.get("quarkus.datasource.jdbc.url"),
                        user,
                        configuration.get("quarkus.datasource.password"))
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .placeholders(Map.of("service-role", user));
    }

    private static final class Server {

        static final PostgresServer RUNNING = PostgresServer.shared();

        private Server() {}
    }
}
