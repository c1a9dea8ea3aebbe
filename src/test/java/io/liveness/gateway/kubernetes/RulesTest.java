package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.configuration.KnownProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that no schema has. */
class RulesTest {

    private static final Pattern SETTING = Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=");

    static Set<String> overlays() {
        return Kustomize.overlays().keySet();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void each_overlay_keeps_the_rules(String overlay) {
        assertThat(broken(Manifests.of(overlay))).isEmpty();
    }

    @Test
    void a_property_that_is_shown_without_a_value_is_a_property_too() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
            List<Path> environments =
                    files.filter(file -> file.toString().endsWith(".env")).toList();
            assertThat(environments).hasSize(8);
            for (Path environment : environments) {
                assertThat(SETTING.matcher(Files.readString(environment)).results())
                        .isNotEmpty()
                        .allSatisfy(setting -> assertThat(KnownProperties.OF_THE_SERVICE.variables())
                                .contains(setting.group(1)));
            }
        }
    }

    private static List<String> broken(Manifests manifests) {
        return Stream.of(PodRules.ALL, SelectorRules.ALL, ConfigurationRules.ALL)
                .flatMap(List::stream)
                .flatMap(rule -> rule.broken(manifests))
                .toList();
    }
}
