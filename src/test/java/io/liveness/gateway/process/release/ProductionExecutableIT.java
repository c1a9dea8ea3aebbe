package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contents of the native executable, which has the names of its classes, routes and resources in clear text. */
@EnabledIfSystemProperty(
        named = "gateway.command",
        matches = "\\S*-runner.*",
        disabledReason = "the tests start no native executable: -Dnative")
class ProductionExecutableIT {

    private static final Path EXECUTABLE =
            Path.of(System.getProperty("gateway.command", "").split(" ")[0]);

    private static String executable;

    @BeforeAll
    static void read() throws IOException {
        executable = Files.readString(EXECUTABLE, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.liveness.gateway.check.open.OpenSession",
                "/v1/liveness-sessions",
                "db/migration/V2__check.sql"
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

    @Test
    void its_bill_of_materials_names_the_graalvm_that_built_it() throws ParseException {
        File bill = EXECUTABLE
                .resolveSibling("liveness-gateway-native.cyclonedx.json")
                .toFile();

        assertThat(new JsonParser().parse(bill).getComponents())
                .filteredOn(component -> component.getName().equals("GraalVM"))
                .singleElement()
                .satisfies(graalvm -> assertThat(executable.contains("com.oracle.svm.core.VM=" + graalvm.getVersion()))
                        .as(graalvm.getVersion())
                        .isTrue());
    }
}
