package io.liveness.gateway.testsupport.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.http.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An installed PostgreSQL, as distributions build it: with JIT. Its data is new and in a directory for temporary files. A
 * script runs it and stops it as soon as this process is gone, also when it was killed.
 */
final class PackagedPostgres implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Path LOG = Path.of("target", "postgres.log");
    /** PostgreSQL refuses to run as root, and its packages make this user. */
    private static final List<String> AS_ORDINARY_USER =
            List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups");

    private static final int NO_PRIMARY = 0;

    private final PostgresServer server;
    private final Process process;

    private PackagedPostgres(PostgresServer server, Process process) {
        this.server = server;
        this.process = process;
    }

    static PackagedPostgres start(Path programs, Map<String, String> settings) {
        return start(programs, settings, NO_PRIMARY);
    }

    /** A standby, which only reads. The primary's data is copied first. */
    static PackagedPostgres startStandby(Path programs, Map<String, String> settings, PackagedPostgres primary) {
        return start(programs, settings, URI.create(primary.server.address()).getPort());
    }

    private static PackagedPostgres start(Path programs, Map<String, String> settings, int primary) {
        if (!Files.isExecutable(programs.resolve("initdb"))) {
            throw new IllegalStateException("-Dtest.postgres must be 'container' or the directory of PostgreSQL's"
                    + " programs, but there is no initdb in '" + programs + "'");
        }
        int port = FreePort.find();
        PostgresServer server = new PostgresServer("postgresql://localhost:" + port, "postgres", "postgres");
        List<String> arguments =
                new ArrayList<>(List.of(programs.toString(), Integer.toString(port), Integer.toString(primary)));
        settings.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        Process process = runAsOrdinaryUser("serve.sh", arguments);
        Patience.await("PostgreSQL to be ready", TO_START).until(() -> {
            assertThat(process.isAlive())
                    .as("PostgreSQL is alive, see %s", LOG.toAbsolutePath())
                    .isTrue();
            return answers(server);
        });
        return new PackagedPostgres(server, process);
    }

    PostgresServer server() {
        return server;
    }

    /** SIGKILL, to all of its processes. */
    void kill() {
        List<ProcessHandle> all = process.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** SIGSTOP, to all of its processes. */
    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        process.descendants().map(ProcessHandle::pid).map(String::valueOf).forEach(command::add);
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it, and deletes its data. */
    @Override
    public void close() {
        resume();
        end(process);
    }

    /** A script of these resources, which runs until its standard input ends. */
    static Process runAsOrdinaryUser(String script, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(AS_ORDINARY_USER);
        }
        // The shell gets the script's text: that user need not be able to read where the sources are.
        command.addAll(List.of("sh", "-c", text(script), script));
        command.addAll(arguments);
        try {
            Files.createDirectories(LOG.getParent());
            // The script reads its standard input, a pipe from this process, to its end.
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file that user's, where that is another one. */
    static void give(Path file) throws IOException {
        if (isRoot()) {
            Files.setOwner(
                    file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static void end(Process script) {
        try {
            script.getOutputStream().close();
            script.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean answers(PostgresServer server) {
        try (Connection connection = server.connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private static String text(String script) {
        try (InputStream resource = PackagedPostgres.class.getResourceAsStream("/postgres/" + script)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
