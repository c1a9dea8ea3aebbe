package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands of the documents name what exists. Some are also run, see {@link WalkTest} and {@link ClientExamplesTest}. */
class CommandsTest {

    private static final Pattern CONTINUED = Pattern.compile("\\\\\n\\s*");
    private static final Pattern REQUEST =
            Pattern.compile("\\bcurl [^|\n]*?(/v1/[^\"'\\s?;)]*)(\\?[^\"'\\s;)]*)?[^|\n]*");
    private static final Pattern METHOD = Pattern.compile(" -X ([A-Z]+)");
    private static final Pattern BODY = Pattern.compile(" (?:-d|-F|--data\\S*) ");
    private static final Pattern QUERY_PARAMETER = Pattern.compile("[?&](\\w+)=");
    private static final Pattern MAVEN = Pattern.compile("(?:\\bmvn|\\./verify) [^#\n]*");
    private static final Pattern PROFILE = Pattern.compile(" -P([\\w-]+)");
    private static final Pattern PROPERTY = Pattern.compile(" -D([\\w.-]+)");
    /** Of Maven's plugins. */
    private static final Set<String> OF_PLUGINS =
            Set.of("test", "it.test", "skipTests", "skipITs", "maven.surefire.debug", "maven.failsafe.debug");

    private static final Pattern BENCH = Pattern.compile("\\b(bench/(?:run|export|import)) [^#\n]*");
    private static final Pattern OPTION = Pattern.compile(" (--[a-z]+)");
    private static final Pattern FILE = Pattern.compile("\\b(?:docker|kubectl) [^#\n]*? -[fk] ([\\w./-]+)");
    private static final Pattern OBJECT = Pattern.compile("\\bkubectl [^#\n]*?\\b(?:deployment|service)/([\\w-]+)");

    @Test
    void every_request_is_one_of_the_contract() throws IOException {
        expectAll(REQUEST, 10, CommandsTest::fitsTheContract);
    }

    @Test
    void every_profile_of_maven_exists() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        expectAll(MAVEN, 20, command -> all(PROFILE, command.group(), name -> pom.contains("<id>" + name + "</id>")));
    }

    @Test
    void every_property_of_maven_has_a_reader() throws IOException {
        String readers = readers();
        expectAll(
                MAVEN,
                20,
                command -> all(
                        PROPERTY,
                        command.group(),
                        name -> OF_PLUGINS.contains(name)
                                || name.startsWith("quarkus.")
                                || Pattern.compile("(?<![\\w.-])" + Pattern.quote(name) + "(?![\\w.-])")
                                        .matcher(readers)
                                        .find()));
    }

    @Test
    void every_option_of_the_bench_exists() throws IOException {
        expectAll(BENCH, 5, command -> {
            String script = read(Path.of(command.group(1)));
            return all(OPTION, command.group(), option -> option.equals("--help") || script.contains(option + " "));
        });
    }

    @Test
    void every_file_and_object_of_an_image_or_of_kubernetes_exists() throws IOException {
        String manifests = text(Path.of("k8s"), ".yaml");

        expectAll(FILE, 5, command -> Files.exists(Path.of(command.group(1))));
        expectAll(OBJECT, 3, command -> manifests.contains("name: " + command.group(1) + "\n"));
    }

    private static boolean fitsTheContract(MatchResult request) {
        String method = first(METHOD, request.group())
                .orElse(BODY.matcher(request.group()).find() ? "POST" : "GET");
        Optional<Operation> operation = Contract.checkedIn().operation(method, request.group(1));
        return operation.isPresent()
                && all(
                        QUERY_PARAMETER,
                        Optional.ofNullable(request.group(2)).orElse(""),
                        name -> operation.get().parameters("query").stream()
                                .anyMatch(parameter ->
                                        parameter.path("name").asText().equals(name)));
    }

    /** @param atLeast how many commands there are, so that a pattern that finds none is noticed */
    private static void expectAll(Pattern command, int atLeast, Predicate<MatchResult> fits) throws IOException {
        List<String> broken = new ArrayList<>();
        int found = 0;
        for (Document document : Document.all()) {
            List<String> texts = Stream.concat(
                            document.blocks().stream().map(Document.Block::text), document.words().stream())
                    .map(text -> CONTINUED.matcher(text).replaceAll(" "))
                    .toList();
            for (String text : texts) {
                for (MatchResult one : command.matcher(text).results().toList()) {
                    found++;
                    if (!fits.test(one)) {
                        broken.add(document.file() + ": " + one.group());
                    }
                }
            }
        }

        assertThat(broken).as("commands that name what does not exist").isEmpty();
        assertThat(found).isGreaterThanOrEqualTo(atLeast);
    }

    private static boolean all(Pattern part, String command, Predicate<String> exists) {
        return part.matcher(command).results().map(found -> found.group(1)).allMatch(exists);
    }

    private static Optional<String> first(Pattern part, String command) {
        return part.matcher(command).results().map(found -> found.group(1)).findFirst();
    }

    /** All that may read a property of a build: the build itself, tests, and the service. */
    private static String readers() throws IOException {
        return read(Path.of("pom.xml"))
                + read(Path.of("docs", "configuration.md"))
                + text(Path.of("src", "test", "java"), ".java");
    }

    private static String text(Path folder, String ending) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            StringBuilder all = new StringBuilder();
            tree.filter(file -> file.toString().endsWith(ending)).sorted().forEach(file -> all.append(read(file)));
            return all.toString();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
