package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code DevOverlayIT} does not start. The API server refuses fields that it does not know. */
class OverlaysTest {

    private static final Path MADE = Path.of("target", "kustomize").toAbsolutePath();

    @Test
    void production_takes_every_component() throws IOException {
        Files.createDirectories(MADE);
        try (Stream<Path> components = Files.list(Overlay.MANIFESTS.resolve("components"))) {
            Files.writeString(
                    MADE.resolve("kustomization.yaml"),
                    "resources: [" + fromMade(Overlay.MANIFESTS.resolve("overlays/production")) + "]\ncomponents: ["
                            + components.map(OverlaysTest::fromMade).collect(Collectors.joining(", ")) + "]\n");
        }

        assertThat(Overlay.in(MADE).objects()).isNotEmpty();
    }

    /** A Job cannot be changed. */
    @ParameterizedTest
    @ValueSource(strings = {"dev", "production"})
    void each_version_has_its_own_migration(String overlay) {
        JsonNode migration = Overlay.of(overlay).migration();
        String image = Overlay.pod(migration).at("/containers/0/image").asText();

        assertThat(migration.at("/metadata/name").asText())
                .isEqualTo("liveness-gateway-migrate-" + image.replaceFirst(".*:", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "production"})
    void the_migration_has_no_secret_of_the_service(String overlay) {
        Overlay rendered = Overlay.of(overlay);

        assertThat(Overlay.pod(rendered.migration()).path("volumes").findValuesAsText("secretName"))
                .singleElement()
                .asString()
                .startsWith("liveness-gateway-owner");
        assertThat(rendered.environment(rendered.migration()).keySet())
                .noneMatch(variable -> variable.startsWith("JUMDATA_"));
    }

    private static String fromMade(Path directory) {
        return MADE.relativize(directory).toString();
    }
}
