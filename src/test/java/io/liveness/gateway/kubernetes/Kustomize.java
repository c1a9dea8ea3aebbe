package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code kubectl kustomize}: makes of an overlay the objects that a cluster gets. */
final class Kustomize {

    static final String PRODUCTION = "production";
    static final String PRODUCTION_WITH_COMPONENTS = "production with components";
    static final String DEV = "dev";

    private static final Path MANIFESTS = Path.of("k8s");
    private static final Path OVERLAYS = MANIFESTS.resolve("overlays");
    private static final Path WITH_COMPONENTS = Path.of("target", "kustomize", "production-with-components");
    private static final String NEED = "The tests of k8s/ need kubectl: apt-get install kubectl, or see README.md";

    private static Map<String, String> rendered;

    private Kustomize() {}

    /** Of each overlay, and of production with every component, the YAML by its name. */
    static synchronized Map<String, String> overlays() {
        if (rendered == null) {
            rendered = renderAll();
        }
        return rendered;
    }

    private static Map<String, String> renderAll() {
        Map<String, String> rendered = new TreeMap<>();
        for (Path overlay : directories(OVERLAYS)) {
            rendered.put(overlay.getFileName().toString(), render(overlay));
        }
        rendered.put(PRODUCTION_WITH_COMPONENTS, render(productionWithComponents()));
        return Map.copyOf(rendered);
    }

    static String render(Path directory) {
        try {
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(kubectl.getInputStream().readAllBytes());
            assertThat(kubectl.waitFor())
                    .as("kubectl kustomize %s\n%s", directory, output)
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new AssertionError(NEED, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A component is rendered by what includes it alone. */
    private static Path productionWithComponents() {
        String components = directories(MANIFESTS.resolve("components")).stream()
                .map(component -> "  - " + fromTarget(component) + "\n")
                .collect(Collectors.joining());
        try {
            Files.createDirectories(WITH_COMPONENTS);
            Files.writeString(
                    WITH_COMPONENTS.resolve("kustomization.yaml"),
                    "resources:\n  - " + fromTarget(OVERLAYS.resolve(PRODUCTION)) + "\ncomponents:\n" + components);
            return WITH_COMPONENTS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fromTarget(Path directory) {
        return WITH_COMPONENTS.toAbsolutePath().relativize(directory.toAbsolutePath());
    }

    private static List<Path> directories(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
