package io.liveness.gateway.testsupport.postgres;

import io.liveness.gateway.testsupport.http.TlsKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** An installed PostgreSQL with a database {@code liveness} of the role {@code gateway}, which it lets in with TLS alone. */
public final class EncryptedPostgres implements AutoCloseable {

    public static final String USER = "gateway";
    public static final String PASSWORD = "password-of-a-role-in-tests";

    private final PackagedPostgres process;

    private EncryptedPostgres(PackagedPostgres process) {
        this.process = process;
    }

    /** @param name of the key that it has */
    public static EncryptedPostgres start(TlsKeys keys, String name) throws IOException {
        // PostgreSQL runs as another user.
        Path files = Files.createTempDirectory("encrypted-postgres");
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path certificate = Files.copy(keys.certificate(name), files.resolve("server.crt"));
        Path key = Files.copy(keys.key(name), files.resolve("server.key"));
        Path rules = Files.writeString(files.resolve("pg_hba.conf"), """
                host all postgres samehost trust
                hostssl all %s samehost scram-sha-256
                """.formatted(USER));
        Files.setPosixFilePermissions(certificate, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        PackagedPostgres.give(key);
        Map<String, String> settings = new HashMap<>(PostgresServer.SETTINGS);
        settings.put("ssl", "on");
        settings.put("ssl_cert_file", certificate.toString());
        settings.put("ssl_key_file", key.toString());
        settings.put("hba_file", rules.toString());
        EncryptedPostgres postgres = new EncryptedPostgres(
                PackagedPostgres.start(FailoverPostgres.programs().orElseThrow(), settings));
        postgres.process
                .server()
                .execute(
                        "postgres",
                        "create role " + USER + " login password '" + PASSWORD + "'",
                        "create database liveness owner " + USER);
        return postgres;
    }

    /** Connects as a superuser, for what the test itself wants to know. */
    public Connection connect() throws SQLException {
        return process.server().connect("postgres");
    }

    /** The address for both drivers; the one for JDBC wants {@code jdbc:} in front. */
    public String address(String host) {
        return process.server().address().replace("localhost", host) + "/liveness";
    }

    @Override
    public void close() {
        process.close();
    }
}
