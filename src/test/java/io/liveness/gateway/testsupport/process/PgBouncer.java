package io.liveness.gateway.testsupport.process;

import io.liveness.gateway.testsupport.http.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian's PgBouncer in transaction mode before a database, in a separate process. */
public final class PgBouncer implements AutoCloseable {

    private static final String COMMAND = "pgbouncer";

    private final int port = FreePort.find();
    private final Process process;

    private PgBouncer(URI postgres, String user, String password) {
        try {
            Path folder = Files.createTempDirectory(COMMAND);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path users = Files.writeString(folder.resolve("users.txt"), "\"%s\" \"%s\"\n".formatted(user, password));
            // docs/deployment.md describes these settings.
            Path settings = Files.writeString(folder.resolve("pgbouncer.ini"), """
                    [databases]
                    * = host=%s port=%d
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = trust
                    auth_file = %s
                    pool_mode = transaction
                    default_pool_size = 5
                    server_login_retry = 1
                    max_prepared_statements = 200
                    ignore_startup_parameters = extra_float_digits, jit, enable_seqscan, enable_hashjoin, enable_mergejoin, statement_timeout, idle_in_transaction_session_timeout
                    """.formatted(
                            address(postgres.getHost()), postgres.getPort(), port, users));
            this.process = new ProcessBuilder(command(settings))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** PgBouncer would try IPv6 first, where the database need not listen, and then hold all clients up. */
    private static String address(String host) {
        return host.equals("localhost") ? "127.0.0.1" : host;
    }

    private static List<String> command(Path settings) {
        List<String> command = new ArrayList<>(List.of(COMMAND, settings.toString()));
        // PgBouncer refuses to run as root.
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(1, List.of("-u", "postgres"));
        }
        return command;
    }

    public static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, COMMAND)));
    }

    /** @param configuration of a gateway that uses the database directly */
    public static PgBouncer before(Map<String, String> configuration) {
        return new PgBouncer(
                URI.create(configuration.get("quarkus.datasource.reactive.url")),
                configuration.get("quarkus.datasource.username"),
                configuration.get("quarkus.datasource.password"));
    }

    /** The address of the same database through it. */
    public String url(String direct) {
        return direct.replaceFirst("//[^/]*", "//127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
