package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({
        "'    spec:\n      automount', '    spec:\n      hostname: [a]\n      automount', hostname",
        "'    spec:\n      automount', '    spec:\n      automountServiceAcountToken: false\n      automount', automountServiceAcountToken",
        "readOnlyRootFilesystem: true, readOnlyRootFilesystem: 'yes', readOnlyRootFilesystem",
        "readOnlyRootFilesystem: true, readonlyRootFilesystem: true, readonlyRootFilesystem",
        "'maxReplicas: 6', 'maxReplicas: \"6\"', maxReplicas",
        "'JUMDATA_CALLS_PER_SECOND: \"10\"', 'JUMDATA_CALLS_PER_SECOND: 10', JUMDATA_CALLS_PER_SECOND",
        "'QUARKUS_SHUTDOWN_DELAY: 5s', 'QUARKUS_SHUTDOWN_DELAY: true', QUARKUS_SHUTDOWN_DELAY",
        "interval: 15s, intervall: 15s, intervall",
        "kind: PodDisruptionBudget, kind: PodDisruptionBuget, there is no policy/v1 PodDisruptionBuget",
        "apiVersion: policy/v1, apiVersion: policy/v2, there is no policy/v2 PodDisruptionBudget",
    })
    void an_unknown_field_type_or_kind_is_refused(String right, String wrong, String named) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Manifests.read(Mistakes.plant(Kustomize.PRODUCTION, right, wrong)))
                .withMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({
        "'  maxReplicas: 6\n', '', must have required property maxReplicas",
        "'port: management\n          periodSeconds', 'scheme: HTTP\n          periodSeconds', must have required property port",
        "restartPolicy: Never, restartPolicy: Nevre, restartPolicy must be equal to one of the allowed values",
        "protocol: UDP, protocol: UPD, protocol must be equal to one of the allowed values",
        "type: RuntimeDefault, type: Runtime, type must be equal to one of the allowed values",
        "cpu: 250m, cpu: 250 m, cpu must match format",
        "interval: 15s, interval: 15 seconds, interval must match pattern",
    })
    void a_missing_field_and_an_unknown_value_are_refused(String right, String wrong, String sentence) {
        assertThat(Schemas.broken(Mistakes.plant(Kustomize.PRODUCTION, right, wrong)))
                .contains(sentence);
    }
}
