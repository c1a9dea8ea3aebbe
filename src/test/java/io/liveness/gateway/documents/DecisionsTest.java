package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The index of decisions holds every decision as its page states it. */
class DecisionsTest {

    private static final Path FOLDER = Path.of("docs", "decisions");
    private static final Pattern HEAD = Pattern.compile("# (\\d{4}): (.+)\n\n- Date: (\\d{4}-\\d\\d-\\d\\d)\n"
            + "- Status: (accepted|superseded by \\[\\d{4}]\\(\\d{4}-[a-z0-9-]+\\.md\\))\n\n(?s:.+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\d{4} \\| .*$");

    @Test
    void the_index_holds_every_decision_with_its_title_date_and_status() throws IOException {
        List<String> rows;
        try (Stream<Path> files = Files.list(FOLDER)) {
            rows = files.filter(file -> file.getFileName().toString().matches("\\d{4}-.*\\.md"))
                    .sorted()
                    .map(DecisionsTest::row)
                    .toList();
        }

        assertThat(ROW.matcher(Files.readString(FOLDER.resolve("README.md")))
                        .results()
                        .map(row -> row.group()))
                .hasSizeGreaterThan(20)
                .containsExactlyElementsOf(rows);
    }

    private static String row(Path file) {
        String name = file.getFileName().toString();
        Matcher head = HEAD.matcher(Document.read(file).text());
        assertThat(head.matches())
                .as("%s begins with a title, a date and a status", name)
                .isTrue();
        assertThat(name).startsWith(head.group(1) + "-");
        return "| %s | [%s](%s) | %s | %s |"
                .formatted(head.group(1), head.group(2), name, head.group(3), head.group(4));
    }
}
