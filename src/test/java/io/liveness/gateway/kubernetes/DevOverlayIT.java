package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.SandboxServer;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.ConnectProxy;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.http.TlsKeys;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The overlay's processes with its configuration and its Secrets. Only addresses and directories are this machine's, and the way out leads
 * through a proxy.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DevOverlayIT {

    private static final String LOCATIONS = "SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS";

    @TempDir
    static Path pod;

    private static final Overlay DEV = Overlay.of("dev");
    private static final SandboxKeys KEYS = SandboxKeys.generate();

    private static Surroundings around;
    private static TlsKeys certificates;
    /** Known to nobody but the proxy. */
    private static final String VENDOR = "vendor.example";

    private static String vendor;
    private static SandboxProcess sandbox;
    private static ConnectProxy proxy;

    @BeforeAll
    static void a_database_with_two_roles_and_the_sandbox() throws Exception {
        around = new Surroundings(SandboxSettings.defaults());
        certificates = TlsKeys.inTemporaryDirectory();
        certificates.make("sandbox", VENDOR);
        String port = Integer.toString(FreePort.find());
        vendor = VENDOR + ":" + port;
        proxy = new ConnectProxy(Integer.parseInt(port));
        Map<String, String> environment =
                new HashMap<>(DEV.environment(DEV.one("Deployment", "liveness-gateway-sandbox")));
        environment.put("SANDBOX_PORT", port);
        environment.put(
                "SANDBOX_TLS_CERTIFICATE", certificates.certificate("sandbox").toString());
        environment.put("SANDBOX_TLS_KEY", certificates.key("sandbox").toString());
        environment.put("SANDBOX_SIGNING_KEY", KEYS.signingKeyBase64());
        sandbox = SandboxProcess.start(environment);
        makeRole("liveness_owner", "for-dev-only-too");
        makeRole("liveness_gateway", "for-dev-only");
        String database =
                around.database().rows("select current_database()").get(0).get(0);
        around.database().execute("alter database \"" + database + "\" owner to liveness_owner");
    }

    @AfterAll
    static void end() {
        sandbox.close();
        proxy.close();
        around.close();
    }

    @Test
    @Order(1)
    void a_replica_refuses_a_schema_that_was_not_migrated() throws Exception {
        try (GatewayProcess replica = around.launch(environment(DEV.one("Deployment", "liveness-gateway")))) {
            assertThat(replica.awaitExit()).as(replica.tail()).isNotZero();
            assertThat(replica.output())
                    .anySatisfy(line -> assertThat(line).contains("The database's schema is older than this release"));
        }
    }

    @Test
    @Order(2)
    void the_migration_ends_well() throws Exception {
        try (GatewayProcess migration = around.launch(environment(DEV.migration()))) {
            assertThat(migration.awaitExit()).as(migration.tail()).isZero();
        }
    }

    @Test
    @Order(3)
    void a_replica_then_makes_a_whole_check() throws Exception {
        GatewayProcess replica = around.start(environment(DEV.one("Deployment", "liveness-gateway")));
        Callers callers = new Callers(KEYS);

        String id = callers.open(replica.url(), "order-1", "pass").id();

        assertThat(callers.checkLater(replica.url(), id).join().sessionStatus()).isEqualTo("PASSED");
        assertThat(callers.status("GET", replica.url() + "/v1/liveness-sessions/" + id + "/face-image"))
                .as(replica.tail())
                .isEqualTo(200);
        assertThat(proxy.asked()).hasSizeGreaterThan(3).containsOnly("CONNECT " + vendor);
    }

    private static GatewayEnvironment environment(JsonNode workload) throws IOException {
        MountedSecrets secrets = new MountedSecrets(pod);
        secrets.mount(workload);
        Map<String, String> environment = new HashMap<>(DEV.environment(workload));
        environment.put(
                LOCATIONS,
                Stream.of(environment.get(LOCATIONS).split(","))
                        .map(directory -> secrets.at(directory).toString())
                        .collect(Collectors.joining(",")));
        environment.put(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                around.database().configuration().get("quarkus.datasource.reactive.url"));
        environment.put(
                "QUARKUS_DATASOURCE_JDBC_URL", around.database().configuration().get("quarkus.datasource.jdbc.url"));
        if (!workload.equals(DEV.migration())) {
            environment.put("QUARKUS_REST_CLIENT_JUMDATA_URL", "https://" + vendor);
            environment.put("QUARKUS_OIDC_AUTH_SERVER_URL", "https://" + vendor);
            environment.put("LIVENESS_FACE_ALLOWED_HOSTS", vendor);
            environment.put("QUARKUS_PROXY_HOST", "localhost");
            environment.put("QUARKUS_PROXY_PORT", Integer.toString(proxy.port()));
            environment.put("QUARKUS_OIDC_PROXY_HOST", "localhost");
            environment.put("QUARKUS_OIDC_PROXY_PORT", Integer.toString(proxy.port()));
            environment.put(
                    "QUARKUS_TLS_TRUST_STORE_PEM_CERTS",
                    certificates.certificate("sandbox").toString());
        }
        return new GatewayEnvironment(environment);
    }

    private static void makeRole(String role, String password) {
        around.database().execute("drop role if exists " + role);
        around.database().execute("create role " + role + " login password '" + password + "'");
    }

    /** Secrets as a pod finds them: links to links, so that all files of a Secret change at once. */
    private record MountedSecrets(Path root) {

        /** The Secrets appear in the directories of this machine that stand for the pod's. */
        void mount(JsonNode workload) throws IOException {
            for (Map.Entry<String, String> mounted :
                    Overlay.mountedSecrets(workload).entrySet()) {
                mount(at(mounted.getKey()), Overlay.texts(DEV.one("Secret", mounted.getValue())));
            }
        }

        Path at(String directory) {
            return root.resolve(directory.substring(1));
        }

        private static void mount(Path directory, Map<String, String> data) throws IOException {
            if (Files.exists(directory)) {
                return;
            }
            Path version = Files.createDirectories(directory.resolve("..2026_01_01_00_00_00.1"));
            Path current = Files.createSymbolicLink(directory.resolve("..data"), version.getFileName());
            for (Map.Entry<String, String> file : data.entrySet()) {
                Files.write(version.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
                Files.createSymbolicLink(
                        directory.resolve(file.getKey()), current.getFileName().resolve(file.getKey()));
            }
        }
    }

    /** The sandbox in a separate process, as its image starts it. */
    private record SandboxProcess(Process process) implements AutoCloseable {

        private static final Duration TO_START = Duration.ofSeconds(60);

        static SandboxProcess start(Map<String, String> environment) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SandboxServer.class.getName())
                    .inheritIO();
            builder.environment().clear();
            builder.environment().putAll(environment);
            SandboxProcess sandbox = new SandboxProcess(builder.start());
            int port = Integer.parseInt(environment.get("SANDBOX_PORT"));
            Patience.await("the sandbox to listen", TO_START).until(() -> listens(port));
            return sandbox;
        }

        private static boolean listens(int port) {
            try (Socket socket = new Socket("localhost", port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
