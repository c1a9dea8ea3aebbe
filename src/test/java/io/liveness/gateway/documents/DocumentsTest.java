package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The references of the documents exist. */
class DocumentsTest {

    private static final int LONGEST_README = 9 * 1024;
    private static final Pattern ELSEWHERE = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*");
    private static final Pattern FILE = Pattern.compile("(?:\\./|src/|docs/|k8s/|openapi/|bench/|\\.github/)[\\w./-]*");
    private static final Pattern NAMED_DOCUMENT = Pattern.compile("\\b(?:docs|k8s|bench)/[\\w./-]+\\.md(?:#[\\w-]+)?");
    private static final Pattern TEXT = Pattern.compile(".*\\.(?:java|sql|properties|ya?ml|xml|ts|js|sh|env|conf)");
    private static final Pattern TEST = Pattern.compile("[A-Z]\\w*[a-z0-9](?:Test|IT)");
    private static final Pattern METHOD = Pattern.compile("^(?:[a-z]\\w*\\.)*([A-Z]\\w+)\\.([a-z]\\w+)$");
    private static final Pattern MAVEN_TEST = Pattern.compile("-D(?:it\\.)?test='?([\\w,]+)");
    private static final Pattern PROGRAM = Pattern.compile("(?m)^\\s*(\\./[\\w./-]+|bench/[\\w-]+)");

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
    void every_document_that_sources_name_exists() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path source : sources()) {
            for (MatchResult named :
                    NAMED_DOCUMENT.matcher(Files.readString(source)).results().toList()) {
                if (!leadsSomewhere(Path.of(""), named.group())) {
                    broken.add(source + ": " + named.group());
                }
            }
        }

        assertThat(broken)
                .as("documents that sources name and that do not exist")
                .isEmpty();
    }

    @Test
    void every_file_that_is_named_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Document document : Document.all()) {
            Path folder = folder(document.file());
            Stream.concat(
                            document.words().stream()
                                    .filter(word -> FILE.matcher(word).matches()),
                            document.blocks().stream()
                                    .flatMap(block ->
                                            PROGRAM.matcher(block.text()).results())
                                    .map(program -> program.group(1)))
                    .filter(name -> !Files.exists(Path.of(name)) && !Files.exists(folder.resolve(name)))
                    .map(name -> document.file() + ": " + name)
                    .forEach(missing::add);
        }

        assertThat(missing).as("files that are named and do not exist").isEmpty();
    }

    @Test
    void every_test_that_is_named_exists() throws IOException {
        Set<String> tests = tests();
        List<String> missing = new ArrayList<>();
        for (Document document : Document.all()) {
            Stream.concat(
                            document.words().stream()
                                    .filter(word -> TEST.matcher(word).matches()),
                            MAVEN_TEST
                                    .matcher(document.text())
                                    .results()
                                    .flatMap(test -> Stream.of(test.group(1).split(","))))
                    .filter(name -> TEST.matcher(name).matches() && !tests.contains(name))
                    .map(name -> document.file() + ": " + name)
                    .forEach(missing::add);
        }

        assertThat(missing).as("tests that are named and do not exist").isEmpty();
    }

    @Test
    void every_method_that_the_architecture_names_exists() throws IOException {
        Map<String, Path> classes = classes(Path.of("src", "main", "java"));
        List<MatchResult> named = Document.read(Path.of("docs", "architecture.md")).words().stream()
                .flatMap(word -> METHOD.matcher(word).results())
                .toList();
        List<String> missing = new ArrayList<>();
        for (MatchResult method : named) {
            Path file = classes.get(method.group(1));
            if (file == null || !Files.readString(file).contains(" " + method.group(2) + "(")) {
                missing.add(method.group());
            }
        }

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(missing).as("methods that are named and do not exist").isEmpty();
    }

    @Test
    void the_readme_stays_short() throws IOException {
        assertThat(Files.size(Path.of("README.md"))).isLessThanOrEqualTo(LONGEST_README);
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

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>(List.of(Path.of("pom.xml"), Path.of("verify")));
        for (String folder : List.of("src", "k8s", "openapi", "bench")) {
            try (Stream<Path> tree = Files.walk(Path.of(folder))) {
                tree.filter(file -> TEXT.matcher(file.toString()).matches()).forEach(sources::add);
            }
        }
        return sources;
    }

    private static Path folder(Path file) {
        return file.getParent() == null ? Path.of("") : file.getParent();
    }

    private static Set<String> tests() throws IOException {
        return classes(Path.of("src", "test", "java")).keySet();
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
