package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.contract.Python;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.Command;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The artefacts of a release work in other projects: its clients call the gateway of its archive. */
@Tag("release")
class ClientArtefactsIT {

    private static final Path CLIENT = JavaProject.RELEASE.resolve("maven/io/liveness/liveness-gateway-client");
    private static final Path STRANGERS = Path.of("src", "test", "stranger");

    private static Surroundings around;
    private static GatewayProcess gateway;

    @TempDir
    private Path project;

    @BeforeAll
    static void start_what_the_archive_holds(@TempDir Path unpacked) throws IOException {
        Command.succeed(
                unpacked,
                "tar",
                "-xzf",
                only(JavaProject.RELEASE, "liveness-gateway-*.tar.gz"),
                "--strip-components=1");
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(
                around.environment().with("liveness.poll.timetable", "1s,2s,5s"), unpacked.resolve("quarkus-run.jar"));
    }

    @AfterAll
    static void end() {
        around.close();
    }

    @Test
    void a_java_project_compiles_against_the_jar_and_makes_a_check() throws IOException {
        JavaProject.build(
                STRANGERS.resolve("java"),
                project,
                "-Dclient.version=" + version(),
                "compile",
                "dependency:copy-dependencies");
        String told = Command.succeed(
                project,
                JavaProject.JAVA,
                // What a container without a locale has.
                "-Dfile.encoding=US-ASCII",
                "-cp",
                "target/classes:target/dependency/*",
                "shop.Shop",
                gateway.url(),
                around.callers().accessToken());

        assertThat(told).isEqualToIgnoringNewLines("PASSED, CHARGED\n");
    }

    @Test
    void a_typescript_project_compiles_against_the_package_and_makes_a_check() throws IOException {
        JavaProject.copy(STRANGERS.resolve("typescript"), project);

        Command.succeed(
                project,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefer-offline",
                only(JavaProject.RELEASE, "*.tgz"));
        Command.succeed(project, "npx", "--no", "tsc");
        String told = Command.succeed(
                project, "node", "shop.js", gateway.url(), around.callers().accessToken());

        assertThat(told).isEqualToIgnoringNewLines("PASSED, CHARGED\n");
    }

    @Test
    void a_python_project_installs_the_wheel_and_makes_a_check() throws IOException {
        JavaProject.copy(STRANGERS.resolve("python"), project);

        Command.succeed(project, Python.interpreter(), "-m", "venv", "--system-site-packages", "venv");
        // Debian's packages are the wheel's dependencies.
        Command.succeed(project, "venv/bin/pip", "install", "--no-index", only(JavaProject.RELEASE, "*.whl"));
        String told = Command.succeed(
                project,
                "venv/bin/python",
                "shop.py",
                gateway.url(),
                around.callers().accessToken());

        assertThat(told).isEqualToIgnoringNewLines("PASSED, CHARGED\n");
        assertThat(only(JavaProject.RELEASE, "liveness_gateway_client-*.tar.gz"))
                .isNotEmpty();
    }

    private static String version() throws IOException {
        return Path.of(only(CLIENT, "[0-9]*")).getFileName().toString();
    }

    private static String only(Path directory, String pattern) throws IOException {
        List<Path> paths = found(directory, pattern);
        assertThat(paths).as("%s in %s", pattern, directory).hasSize(1);
        return paths.get(0).toAbsolutePath().toString();
    }

    private static List<Path> found(Path directory, String pattern) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, pattern)) {
            List<Path> paths = new ArrayList<>();
            stream.forEach(paths::add);
            return paths;
        }
    }
}
