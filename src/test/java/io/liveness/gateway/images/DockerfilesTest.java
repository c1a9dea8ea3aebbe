package io.liveness.gateway.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfilesTest {

    private static final Path DOCKER = Path.of("src/main/docker");
    private static final String ALLOWED = "!";

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.native-micro", "Dockerfile.jvm", "Dockerfile.sandbox"})
    void an_image_has_a_pinned_base_and_runs_without_root_and_without_a_shell(String name) throws IOException {
        List<String> lines = Files.readAllLines(DOCKER.resolve(name));

        assertThat(lines)
                .contains("USER 1001", "STOPSIGNAL SIGTERM", "FROM ${BASE_IMAGE}")
                .noneMatch(line -> line.startsWith("RUN") || line.startsWith("ADD") || line.startsWith("CMD"))
                .anyMatch(line -> line.matches("ARG BASE_IMAGE=\\S+:\\S+@sha256:[0-9a-f]{64}"))
                .anyMatch(line -> line.startsWith("ENTRYPOINT [\"/"))
                .anyMatch(line -> line.contains("org.opencontainers.image.version=\"${VERSION}\""))
                .anyMatch(line -> line.contains("org.opencontainers.image.revision=\"${REVISION}\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.native-micro", "Dockerfile.jvm", "Dockerfile.sandbox"})
    void what_an_image_is_made_of_is_sent_to_its_builder_and_nothing_else_is(String name) throws IOException {
        List<String> sent = Files.readAllLines(Path.of(".dockerignore"));

        assertThat(sent).first().isEqualTo("*");
        assertThat(copied(name)).isNotEmpty().allMatch(source -> isSent(sent, source));
    }

    private static Stream<String> copied(String dockerfile) throws IOException {
        return Files.readAllLines(DOCKER.resolve(dockerfile)).stream()
                .filter(line -> line.startsWith("COPY"))
                .map(line -> line.split(" +"))
                .map(words -> words[words.length - 2]);
    }

    private static boolean isSent(List<String> patterns, String source) {
        return patterns.stream()
                .filter(pattern -> pattern.startsWith(ALLOWED))
                .map(pattern -> pattern.substring(ALLOWED.length()))
                .anyMatch(pattern -> pattern.equals(source)
                        || source.startsWith(pattern + "/")
                        || FileSystems.getDefault()
                                .getPathMatcher("glob:" + pattern)
                                .matches(Path.of(source)));
    }
}
