package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links of the documents lead somewhere, and the walk through the architecture names methods that exist. */
class DocumentsTest {

    private static final Pattern ELSEWHERE = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*");
    private static final Pattern METHOD = Pattern.compile("`(?:[a-z]\\w*\\.)*([A-Z]\\w+)\\.([a-z]\\w+)`");

    @Test
    void every_link_leads_to_a_file_or_a_heading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Document document : Document.all()) {
            for (String link : document.links()) {
                if (!ELSEWHERE.matcher(link).matches() && !leadsSomewhere(document.file(), link)) {
                    broken.add(document.file() + ": " + link);
                }
            }
        }

        assertThat(broken).as("links that lead nowhere").isEmpty();
    }

    @Test
    void every_method_that_the_architecture_names_exists() throws IOException {
        Map<String, Path> classes = classes(Path.of("src", "main", "java"));
        List<MatchResult> named = METHOD.matcher(Files.readString(Path.of("docs", "architecture.md")))
                .results()
                .toList();
        List<String> missing = new ArrayList<>();
        for (MatchResult method : named) {
            Path file = classes.get(method.group(1));
            if (file == null || !Files.readString(file).contains(" " + method.group(2) + "(")) {
                missing.add(method.group());
            }
        }

        assertThat(named).isNotEmpty();
        assertThat(missing).as("methods that are named and do not exist").isEmpty();
    }

    private static boolean leadsSomewhere(Path from, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? from : folder(from).resolve(parts[0]).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return parts.length == 1
                || target.toString().endsWith(".md")
                        && Document.read(target).anchors().contains(parts[1]);
    }

    private static Path folder(Path file) {
        return file.getParent() == null ? Path.of("") : file.getParent();
    }

    private static Map<String, Path> classes(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            file -> file,
                            (one, other) -> one));
        }
    }
}
