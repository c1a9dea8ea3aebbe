package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kubernetes accepts each object. */
class SchemaTest {

    private static final Path EXAMPLES = Path.of("k8s", "examples");
    /** YAML in a comment; words have one blank before them. */
    private static final Pattern SHOWN = Pattern.compile("(?m)^( *)#(?=-|  )");

    static Set<String> overlays() {
        return Kustomize.overlays().keySet();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void every_field_and_type_exists(String overlay) {
        assertThatNoException().isThrownBy(() -> Manifests.of(overlay));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void nothing_required_is_missing_and_every_value_is_one_of_those_allowed(String overlay) {
        assertThat(Schemas.broken(Kustomize.overlays().get(overlay))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"external-secrets.yaml", "caller.yaml"})
    void the_examples_of_objects_keep_their_schemas_too(String example) throws IOException {
        assertThat(Schemas.broken(Files.readString(EXAMPLES.resolve(example)))).isEmpty();
    }

    @Test
    void a_caller_by_the_example_is_read_strictly_too() {
        assertThatNoException().isThrownBy(() -> StrictReader.read(Files.readString(EXAMPLES.resolve("caller.yaml"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base/network-policies.yaml", "overlays/production/egress.yaml"})
    void what_is_shown_in_comments_is_right_when_it_is_said(String file) throws IOException {
        String text = Files.readString(Path.of("k8s").resolve(file));
        String said = SHOWN.matcher(text).replaceAll("$1");

        assertThat(said).isNotEqualTo(text);
        assertThatNoException().isThrownBy(() -> StrictReader.read(said));
        assertThat(Schemas.broken(said)).isEmpty();
    }
}
