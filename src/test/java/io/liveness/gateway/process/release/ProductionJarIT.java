package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The package for production. */
@Tag("once")
class ProductionJarIT {

    private static final Path PACKAGED =
            Path.of(System.getProperty("gateway.jar")).getParent();
    private static final Path BILL_OF_MATERIALS = PACKAGED.resolveSibling("liveness-gateway.cyclonedx.json");

    @Test
    void the_packaged_application_is_complete() throws IOException {
        assertThat(entries())
                .containsKeys(
                        "io/liveness/gateway/check/open/OpenSession.class",
                        "application.properties",
                        "db/migration/V2__check.sql");
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
    void the_bill_of_materials_names_every_library_that_is_packaged_and_no_other() throws IOException {
        JsonObject bill = new JsonObject(Files.readString(BILL_OF_MATERIALS));

        assertThat(bill.getString("bomFormat")).isEqualTo("CycloneDX");
        assertThat(components(bill, "pkg:npm/").map(library -> library.getString("name")))
                .as("the console's, which are on no class path")
                .containsExactlyInAnyOrder("preact", "htm", "uplot");
        assertThat(components(bill, "pkg:maven/")
                        .map(ProductionJarIT::fileName)
                        .filter(name -> !name.startsWith("io.liveness.liveness-gateway")))
                .containsExactlyInAnyOrderElementsOf(libraries());
    }

    private static Stream<JsonObject> components(JsonObject bill, String kind) {
        return bill.getJsonArray("components").stream()
                .map(JsonObject.class::cast)
                .filter(component -> component.getString("purl").startsWith(kind));
    }

    private static String fileName(JsonObject component) {
        return component.getString("group") + "." + component.getString("name") + "-" + component.getString("version")
                + ".jar";
    }

    private static List<String> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(PACKAGED.resolve("lib"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }
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
