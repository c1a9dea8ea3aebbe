package io.liveness.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of webhooks has the text of the runbook. */
class RunbookOfThePageTest {

    private static final Pattern SECTION = Pattern.compile("## LivenessWebhookFailing\n(.*?)\n## ", Pattern.DOTALL);
    private static final Pattern PART =
            Pattern.compile("^\\*\\*[^*]+\\*\\* ?(.+?)(?=\n\n|\\z)", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern WORDS = Pattern.compile("runbook(?:Means|LookAt|Do)Text: '(.*)'");

    @ParameterizedTest
    @CsvSource({"en.js, operations.md", "zh.js, operations.zh-CN.md"})
    void the_text_is_that_of_the_runbook(String words, String runbook) throws IOException {
        List<String> shown = found(
                WORDS,
                new ConsoleFiles(false)
                        .read("static/" + words)
                        .orElseThrow()
                        .plain()
                        .toString());
        String section =
                found(SECTION, Files.readString(Path.of("docs", runbook))).get(0);

        assertThat(shown).hasSize(3).isEqualTo(found(PART, section));
    }

    /** Lines of a paragraph are joined, in Chinese without a blank. */
    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(part -> part.group(1).replace("'", "’"))
                .map(part -> pattern == PART
                        ? part.replaceAll("(?<=。)\n", "").replace('\n', ' ').strip()
                        : part)
                .toList();
    }
}
