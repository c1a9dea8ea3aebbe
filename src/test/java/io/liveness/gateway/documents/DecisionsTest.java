package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The index of decisions holds every decision as its page states it. */
class DecisionsTest {

    private static final Path FOLDER = Path.of("docs", "decisions");
    private static final Path INDEX = FOLDER.resolve("README.md");
    private static final int LONGEST = 350;
    private static final Pattern PAGE = Pattern.compile("# (\\d{4}): (.+)\n\n- Date: \\d{4}-\\d\\d-\\d\\d\n\n"
            + "\\*\\*Choice\\.\\*\\*(?s:.+)\n\n\\*\\*Why\\.\\*\\*(?s:.+)\n\n\\*\\*Weighed\\.\\*\\*(?s:.+)\n\n"
            + "\\*\\*Would change it\\.\\*\\*(?s:.+)\n\n\\*\\*Held by\\*\\*(?s:.+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\d{4} \\| .*$");
    private static final Pattern NUMBER = Pattern.compile("decisions?[/ ](\\d{4})");

    @Test
    void the_index_holds_every_decision_with_its_title() throws IOException {
        List<String> rows;
        try (Stream<Path> files = Files.list(FOLDER)) {
            rows = files.filter(file -> !file.equals(INDEX))
                    .sorted()
                    .map(DecisionsTest::row)
                    .toList();
        }

        assertThat(ROW.matcher(Files.readString(INDEX)).results().map(row -> row.group()))
                .hasSizeGreaterThan(10)
                .containsExactlyElementsOf(rows);
    }

    @Test
    void every_number_that_sources_name_is_in_the_index() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        try (Stream<Path> tree = Files.walk(Path.of("src", "main"))) {
            for (Path file : tree.filter(file -> file.toString().matches(".*\\.(java|sql)"))
                    .toList()) {
                NUMBER.matcher(Files.readString(file)).results().forEach(number -> named.add(number.group(1)));
            }
        }

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(Files.readString(INDEX)).contains(named);
    }

    private static String row(Path file) {
        String name = file.getFileName().toString();
        String text = Document.read(file).text();
        Matcher page = PAGE.matcher(text);
        assertThat(page.matches())
                .as("%s has a title, a date and the parts of a decision", name)
                .isTrue();
        assertThat(name).startsWith(page.group(1) + "-");
        assertThat(text.split("\\s+")).as("words of %s", name).hasSizeLessThanOrEqualTo(LONGEST);
        return "| %s | [%s](%s) |".formatted(page.group(1), page.group(2), name);
    }
}
