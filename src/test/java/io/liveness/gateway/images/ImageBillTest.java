package io.liveness.gateway.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Component.Type;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBillTest {

    private static final String LIBRARIES = """
            {
              "bomFormat": "CycloneDX",
              "specVersion": "1.6",
              "version": 1,
              "metadata": {"component": {"type": "application", "bom-ref": "gateway", "name": "liveness-gateway"}},
              "components": [{"type": "library", "bom-ref": "library", "name": "vertx-core", "version": "4.5.22"}],
              "dependencies": [{"ref": "gateway", "dependsOn": ["library"]}, {"ref": "library"}]
            }
            """;
    private static final String REPORT = """
            {"general_info": {"name": "runner", "java_version": "25.0.1+8-LTS", "graalvm_version": "Mandrel-25.0.1.0-Final"}}
            """;

    @TempDir
    private Path directory;

    private Path libraries;
    private Path release;
    private Path image;

    @BeforeEach
    void write() throws Exception {
        libraries = Files.writeString(directory.resolve("libraries.json"), LIBRARIES);
        release = directory.resolve("release");
        image = directory.resolve("image.json");
    }

    @Test
    void an_installed_builder_does_not_describe_one_in_a_container() throws Exception {
        release("Eclipse Adoptium", "25.0.3+9-LTS");

        ImageBill.main(libraries.toString(), image.toString(), release.toString(), report());

        assertThat(platforms())
                .containsExactly("GraalVM Mandrel-25.0.1.0-Final of unknown", "JDK 25.0.1+8-LTS of unknown");
    }

    @Test
    void the_bill_is_valid_and_has_the_libraries_and_what_depends_on_what() throws Exception {
        release("Eclipse Adoptium", "25.0.3+9-LTS");

        ImageBill.main(libraries.toString(), image.toString(), release.toString());

        assertThat(new JsonParser().validate(image.toFile(), Version.VERSION_16))
                .isEmpty();
        assertThat(bill().getComponents())
                .extracting(Component::getBomRef)
                .containsExactly("library", "JDK@25.0.3+9-LTS");
        assertThat(bill().getDependencies())
                .extracting(Dependency::getRef)
                .containsExactly("gateway", "library", "JDK@25.0.3+9-LTS");
        assertThat(bill().getDependencies().get(0).getDependencies())
                .extracting(Dependency::getRef)
                .containsExactly("library", "JDK@25.0.3+9-LTS");
    }

    private void release(String implementor, String version) throws Exception {
        Files.writeString(release, """
                IMPLEMENTOR="%s"
                JAVA_RUNTIME_VERSION="%s"
                SOURCE=""
                """.formatted(implementor, version));
    }

    private String report() throws Exception {
        return Files.writeString(directory.resolve("report.json"), REPORT).toString();
    }

    private Bom bill() throws Exception {
        return new JsonParser().parse(image.toFile());
    }

    private List<String> platforms() throws Exception {
        return bill().getComponents().stream()
                .filter(component -> component.getType() == Type.PLATFORM)
                .map(platform -> platform.getName() + " " + platform.getVersion() + " of "
                        + (platform.getSupplier() == null
                                ? "unknown"
                                : platform.getSupplier().getName()))
                .toList();
    }
}
