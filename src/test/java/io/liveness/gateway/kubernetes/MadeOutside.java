package io.liveness.gateway.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Objects that no overlay renders: a site makes them by {@code k8s/README.md} or {@code k8s/examples/external-secrets.yaml}, or Kubernetes does. */
final class MadeOutside {

    private static final Path EXAMPLE = Path.of("k8s", "examples", "external-secrets.yaml");

    private static final Path README = Path.of("k8s", "README.md");
    /** A command, which begins a line or is set apart in one. */
    private static final Pattern CREATE =
            Pattern.compile("(?m)(?:^|`)kubectl -n liveness create (configmap|secret tls) ([\\w.-]+) --");

    private static final String BY_KUBERNETES = "ConfigMap kube-root-ca.crt";

    private MadeOutside() {}

    /** With their kinds, as in {@code Secret liveness-gateway}. */
    static Stream<String> names() {
        Stream<String> byOperator = externalSecrets().stream()
                .map(secret -> "Secret " + secret.at("/spec/target/name").asText());
        return Stream.of(byHand(read(README)), byOperator, Stream.of(BY_KUBERNETES))
                .flatMap(names -> names);
    }

    static Stream<String> byHand(String document) {
        return CREATE.matcher(document)
                .results()
                .map(found -> (found.group(1).equals("configmap") ? "ConfigMap " : "Secret ") + found.group(2));
    }

    static Set<String> keys(String secret) {
        return externalSecrets().stream()
                .filter(external -> external.at("/spec/target/name").asText().equals(secret))
                .flatMap(external -> external.at("/spec/data").findValuesAsText("secretKey").stream())
                .collect(Collectors.toSet());
    }

    private static List<JsonNode> externalSecrets() {
        return StrictReader.documents(read(EXAMPLE));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
