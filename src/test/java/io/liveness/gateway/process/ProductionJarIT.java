package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is packaged for production. */
@Tag("once")
class ProductionJarIT {

    private static final Path PACKAGED =
            Path.of(System.getProperty("gateway.jar")).getParent();

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
