package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.GatewayEnvironment;
import io.liveness.gateway.testsupport.GatewayProcess;
import io.liveness.gateway.testsupport.Surroundings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is packaged for production, and how it starts there. */
class ProductionJarIT {

    private static final Path PACKAGED =
            Path.of(System.getProperty("gateway.jar")).getParent();

    private final Surroundings around = new Surroundings(SandboxSettings.defaults());

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void the_packaged_application_is_complete() throws IOException {
        assertThat(entries())
                .containsKeys(
                        "io/liveness/gateway/session/OpenSession.class",
                        "application.properties",
                        "db/migration/V1__session.sql");
    }

    @ParameterizedTest(name = "no {0}")
    @ValueSource(
            strings = {
                "(?i).*sandbox.*",
                "META-INF/resources/.*",
                "io/zonky/.*",
                "org/testcontainers/.*",
                ".*postgres.*\\.txz",
                "application-(dev|test)\\.properties",
                "io/liveness/gateway/testsupport/.*",
                "org/junit/.*"
            })
    void nothing_of_sandbox_and_tests_is_packaged(String forbidden) throws IOException {
        assertThat(entries().keySet().stream().filter(entry -> entry.matches(forbidden)))
                .isEmpty();
    }

    @Test
    void it_starts_with_nothing_but_its_database_its_accounts_and_its_keys() {
        GatewayProcess gateway = around.start(essential());

        assertThat(around.callers().status("GET", gateway.url() + "/v1/liveness-sessions"))
                .isEqualTo(200);
        assertThat(gateway.errors()).isEmpty();
        assertThat(gateway.output())
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(new JsonObject(line).fieldNames()).contains("timestamp", "level", "message"));
    }

    @Test
    void neither_sandbox_nor_pages_answer_in_production() {
        GatewayProcess gateway = around.start(essential());

        for (String path :
                List.of("/", "/index.html", "/sandbox/tokens", "/sandbox/books", "/lifecheck/h5/v2-1/init")) {
            assertThat(around.callers().status("GET", gateway.url() + path))
                    .as(path)
                    .isEqualTo(404);
            assertThat(around.callers().status("POST", gateway.url() + path))
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void without_a_key_for_tokens_it_starts_and_opens_to_nobody() {
        GatewayProcess gateway =
                around.start(essential().without("quarkus.oidc.public-key").without("quarkus.oidc.token.issuer"));

        for (String path : List.of("/v1/liveness-sessions", "/v1/charges", "/v1/no-such-thing", "/v1/", "/v1")) {
            assertThat(around.callers().status("GET", gateway.url() + path))
                    .as(path)
                    .isEqualTo(401);
            assertThat(around.callers().status("POST", gateway.url() + path))
                    .as(path)
                    .isEqualTo(401);
        }
    }

    /** Only what an operator cannot do without. */
    private GatewayEnvironment essential() {
        return around.environment().without("quarkus.rest-client.jumdata.url").without("liveness.billing.prices");
    }

    /** Every class and resource of every packaged jar, with the jar it is in. */
    private static Map<String, Path> entries() throws IOException {
        Map<String, Path> entries = new TreeMap<>();
        try (Stream<Path> files = Files.walk(PACKAGED)) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                try (JarFile open = new JarFile(jar.toFile())) {
                    open.stream().map(ZipEntry::getName).forEach(entry -> entries.put(entry, jar));
                }
            }
        }
        return entries;
    }
}
