package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the native executable is made of. The names of its classes, routes and resources stand in it as they are. */
@EnabledIfSystemProperty(
        named = "gateway.command",
        matches = "\\S*-runner.*",
        disabledReason = "the tests start no native executable: -Dnative")
class ProductionExecutableIT {

    private static String executable;

    @BeforeAll
    static void read() throws IOException {
        String path = System.getProperty("gateway.command").split(" ")[0];
        executable = Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.liveness.gateway.session.OpenSession",
                "/v1/liveness-sessions",
                "db/migration/V1__session.sql"
            })
    void the_service_is_in_it(String name) {
        assertThat(executable.contains(name)).isTrue();
    }

    @ParameterizedTest(name = "no {0}")
    @ValueSource(
            strings = {
                "io.liveness.gateway.sandbox",
                "io/liveness/gateway/sandbox",
                "io.liveness.gateway.testsupport",
                "/sandbox/tokens",
                "/sandbox/static",
                "io.zonky",
                "org.junit"
            })
    void nothing_of_sandbox_and_tests_is_in_it(String name) {
        assertThat(executable.contains(name)).isFalse();
    }
}
