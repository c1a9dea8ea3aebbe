package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.process.Command;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonArray;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.model.Component;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the cache that the JVM image starts with: the JVM writes down at its end what it learnt in a run of the service, with what the image
 * of the sandbox is made of.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfSystemProperty(
        named = "gateway.command",
        matches = ".*-XX:AOTCacheOutput=.*",
        disabledReason = "no cache is made: -Daot=<home of a JDK 25>")
class TrainingIT {

    private static final int ROUNDS = 100;

    private static final Duration TO_END = Duration.ofMinutes(1);
    private static final Path CACHE = Path.of(System.getProperty("gateway.jar")).resolveSibling("app.aot");

    @Test
    @Order(1)
    void a_run_of_the_service_makes_the_cache() throws IOException {
        Files.deleteIfExists(CACHE);
        try (SandboxImage sandbox = SandboxImage.start();
                Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment()
                    .with("jumdata.app-id", "sandbox-app")
                    .with("jumdata.app-secret", "sandbox-secret")
                    .with("quarkus.rest-client.jumdata.url", sandbox.url())
                    .with("liveness.face.allowed-hosts", sandbox.url())
                    .with("liveness.webhook.allowed-hosts", sandbox.url())
                    .with("jumdata.calls-per-second", "10000")
                    .with("quarkus.shutdown.delay", "0s"));
            sandbox.receive(gateway.url(), around.callers().accessToken());
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(live(around, gateway, "order-" + round)).containsOnly(200);
            }
            Patience.await("a webhook that the sandbox has verified", TO_END).until(sandbox::received);

            gateway.askToStop();
            gateway.awaitExit();

            assertThat(CACHE).as(gateway.tail()).isNotEmptyFile();
        }
    }

    /** AOTMode=on ends a JVM that cannot use its cache; this one ends for want of a configuration. */
    @Test
    @Order(2)
    void the_jvm_of_the_image_takes_the_cache(@TempDir Path directory) throws Exception {
        List<String> command = new ArrayList<>(entryPoint("Dockerfile.jvm"));
        command.add(1, "-XX:AOTMode=on");
        Path output = directory.resolve("output");
        ProcessBuilder gateway =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        gateway.environment().clear();

        assertThat(gateway.start().waitFor(TO_END.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        assertThat(output).content().contains("jumdata.app-id");
    }

    @Test
    @Order(2)
    void the_bill_of_materials_of_the_image_names_its_java() throws Exception {
        File bill =
                CACHE.resolveSibling("../liveness-gateway-jvm.cyclonedx.json").toFile();
        String java = Command.succeed(
                Path.of(""), entryPoint("Dockerfile.jvm").get(0), "-XshowSettings:properties", "-version");

        assertThat(new JsonParser().validate(bill, Version.VERSION_16)).isEmpty();
        assertThat(new JsonParser().parse(bill).getComponents())
                .filteredOn(component -> component.getType() == Component.Type.PLATFORM)
                .singleElement()
                .satisfies(jdk -> assertThat(java)
                        .containsPattern("java.runtime.version = " + Pattern.quote(jdk.getVersion()) + "\\R"));
    }

    /** The entry point of a Dockerfile, with the paths from which its files are copied. */
    private static List<String> entryPoint(String name) throws IOException {
        List<String> dockerfile = Files.readAllLines(Path.of("src", "main", "docker", name));
        String all = String.join(" ", dockerfile);
        String entryPoint = all.substring(all.indexOf("ENTRYPOINT ") + "ENTRYPOINT ".length())
                .replace("\\", "");
        List<String[]> copies = dockerfile.stream()
                .filter(line -> line.startsWith("COPY target/"))
                .map(line -> line.split(" "))
                .sorted(Comparator.comparing((String[] copy) -> copy[2].length())
                        .reversed())
                .toList();
        for (String[] copy : copies) {
            entryPoint = entryPoint.replace(copy[2], copy[1]);
        }
        return new JsonArray(entryPoint).stream().map(String.class::cast).toList();
    }

    /** What callers, a person and operations ask of it. */
    private static List<Integer> live(Surroundings around, GatewayProcess gateway, String key) {
        Answer opened = around.callers().open(gateway.url(), key, "pass");
        int checked =
                around.callers().checkLater(gateway.url(), opened.id()).join().status();
        String sessions = gateway.url() + "/v1/liveness-sessions";
        return Stream.concat(
                        Stream.of(
                                around.callers()
                                        .open(gateway.url(), key, "pass")
                                        .status(),
                                checked),
                        Stream.of(
                                        sessions,
                                        sessions + "/" + opened.id() + "?waitSeconds=1",
                                        sessions + "/" + opened.id() + "/events",
                                        sessions + "/" + opened.id() + "/face-image",
                                        gateway.managementUrl() + "/q/metrics",
                                        gateway.managementUrl() + "/q/health/ready")
                                .map(address -> around.callers().status("GET", address)))
                .toList();
    }

    /** The sandbox, as its image starts it. */
    private record SandboxImage(Process process, String url) implements AutoCloseable {

        static SandboxImage start() throws IOException {
            int port = FreePort.find();
            ProcessBuilder builder = new ProcessBuilder(entryPoint("Dockerfile.sandbox")).inheritIO();
            builder.environment().put("SANDBOX_PORT", Integer.toString(port));
            SandboxImage sandbox = new SandboxImage(builder.start(), "http://localhost:" + port);
            Patience.await("a token of the sandbox", TO_END).until(sandbox::issuesTokens);
            return sandbox;
        }

        private boolean issuesTokens() {
            try {
                return RestAssured.given()
                        .body("{}")
                        .post(url + "/sandbox/tokens")
                        .jsonPath()
                        .getString("accessToken")
                        .matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
            } catch (Exception notYet) {
                return false;
            }
        }

        /** What the gateway tells the caller. */
        void receive(String gateway, String accessToken) {
            String secret = RestAssured.given()
                    .auth()
                    .oauth2(accessToken)
                    .contentType("application/json")
                    .body("{\"url\":\"" + url + "/sandbox/receiver\"}")
                    .post(gateway + "/v1/webhook-endpoints")
                    .jsonPath()
                    .getString("secret");
            RestAssured.given()
                    .contentType("application/json")
                    .body("{\"secret\":\"" + secret + "\"}")
                    .post(url + "/sandbox/receiver/secrets")
                    .then()
                    .statusCode(204);
        }

        boolean received() {
            return RestAssured.get(url + "/sandbox/receiver")
                    .jsonPath()
                    .getList("verified")
                    .contains(true);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
