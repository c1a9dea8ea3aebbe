package io.liveness.gateway.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.process.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL with a database {@code liveness} of the role {@code gateway}, which it lets in with TLS alone. Its programs are those in the
 * directory {@code -Dtest.postgres}, else of Debian's package {@code postgresql-17}, else those that the other tests run on.
 */
public final class EncryptedPostgres implements AutoCloseable {

    public static final String USER = "gateway";
    public static final String PASSWORD = "password-of-a-role-in-tests";

    private final Path programs;
    private final Path directory;
    private final Path data;
    private final int port = FreePort.find();

    private EncryptedPostgres(Path programs, Path directory) {
        this.programs = programs;
        this.directory = directory;
        this.data = directory.resolve("data");
    }

    /** @param directory an empty one for its data */
    public static EncryptedPostgres start(Path directory, CertificateAuthority authority)
            throws IOException, SQLException {
        EncryptedPostgres postgres = new EncryptedPostgres(programs(), directory);
        postgres.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", postgres.data.toString());
        postgres.configure(authority);
        postgres.run("pg_ctl", "-D", postgres.data.toString(), "-l", directory + "/log", "-w", "start");
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create role " + USER + " login password '" + PASSWORD + "'");
            statement.execute("create database liveness owner " + USER);
        }
        return postgres;
    }

    private static Path programs() {
        return Stream.of(System.getProperty("test.postgres", ""), "/usr/lib/postgresql/17/bin")
                .map(Path::of)
                .filter(EncryptedPostgres::areThere)
                .findFirst()
                .orElseGet(EncryptedPostgres::programsOfOtherTests);
    }

    private static Path programsOfOtherTests() {
        try (Connection connection = TestDatabase.create().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select setting from pg_config where name = 'BINDIR'")) {
            row.next();
            Path programs = Path.of(row.getString(1));
            assertThat(areThere(programs))
                    .as("PostgreSQL's programs at " + programs)
                    .isTrue();
            return programs;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean areThere(Path programs) {
        return Files.isExecutable(programs.resolve("initdb")) && Files.isExecutable(programs.resolve("pg_ctl"));
    }

    private void configure(CertificateAuthority authority) throws IOException {
        Files.copy(authority.serverCertificate(), data.resolve("server.crt"), StandardCopyOption.REPLACE_EXISTING);
        Path key = Files.copy(authority.serverKey(), data.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(data.resolve("pg_hba.conf"), """
                hostnossl all postgres 127.0.0.1/32 trust
                hostssl all %s 127.0.0.1/32 scram-sha-256
                """.formatted(USER));
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                port = %d
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                ssl = on
                fsync = off
                """.formatted(port));
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = directory.resolve(program + ".log");
        try {
            int exit = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            assertThat(exit).as(Files.readString(output)).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a superuser, for what the test itself wants to know. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable", "postgres", "");
    }

    /** As both drivers take it, the one for JDBC with {@code jdbc:} in front. */
    public String address(String host) {
        return "postgresql://" + host + ":" + port + "/liveness";
    }

    @Override
    public void close() {
        run("pg_ctl", "-D", data.toString(), "-m", "immediate", "stop");
    }
}
