package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code kubectl kustomize}: renders the objects of an overlay. */
final class Kustomize {

    static final String PRODUCTION = "production";
    static final String PRODUCTION_WITH_COMPONENTS = "production with components";
    static final String PRODUCTION_BY_DIGEST = "production by digest";
    static final String DEV = "dev";

    /** Of an image. */
    static final String DIGEST = "sha256:" + "a".repeat(64);

    private static final Path MANIFESTS = Path.of("k8s");
    private static final Path OVERLAYS = MANIFESTS.resolve("overlays");
    private static final Path MADE = Path.of("target", "kustomize");
    private static final String NEED =
            "The tests of k8s/ need kubectl: apt-get install kubectl, or see CONTRIBUTING.md";

    private static Map<String, String> rendered;

    private Kustomize() {}

    /** Of each overlay, and of production with every component and with an image by its digest, the YAML by its name. */
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
        rendered.put(PRODUCTION_WITH_COMPONENTS, renderProductionWith("components", everyComponent()));
        rendered.put(PRODUCTION_BY_DIGEST, renderProductionByDigest());
        return Map.copyOf(rendered);
    }

    private static String render(Path directory) {
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
    private static String everyComponent() {
        return directories(MANIFESTS.resolve("components")).stream()
                .map(component -> "  - " + fromMade(component) + "\n")
                .collect(Collectors.joining("", "components:\n", ""));
    }

    /** An overlay on top of production, which says this. */
    static String renderProductionWith(String name, String saying) {
        try {
            Path directory = Files.createDirectories(MADE.resolve(name));
            Files.writeString(
                    directory.resolve("kustomization.yaml"),
                    "resources:\n  - " + fromMade(OVERLAYS.resolve(PRODUCTION)) + "\n" + saying);
            return render(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fromMade(Path directory) {
        return MADE.resolve("any").toAbsolutePath().relativize(directory.toAbsolutePath());
    }

    private static String renderProductionByDigest() {
        return renderChanged(
                "digest",
                "newName: images.internal/liveness-gateway",
                "newName: images.internal:5000/liveness-gateway\n    digest: " + DIGEST);
    }

    /** In a copy, since what production says of its images and its version is no matter of an overlay on top of it. */
    static String renderChanged(String name, String right, String other) {
        Path copy = MADE.resolve(name).resolve("k8s");
        Path production = copy.resolve("overlays").resolve(PRODUCTION).resolve("kustomization.yaml");
        try (Stream<Path> files = Files.walk(MANIFESTS).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(MANIFESTS.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(production, Files.readString(production).replace(right, other));
            return render(production.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> directories(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
