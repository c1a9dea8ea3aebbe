package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walk by curl of README.md and its continuation in docs/sandbox.md answer what the documents show. */
@QuarkusTest
class WalkTest {

    private static final String DOCUMENTED = "http://localhost:8080";
    private static final String COMMANDS = "bash";

    /** What a document leaves out of an answer. */
    private static final String LEFT_OUT = "…|\n";

    @TestHTTPResource("/")
    URL gateway;

    @Test
    void the_commands_answer_what_the_documents_show() throws IOException, InterruptedException {
        List<Document.Block> walk = Stream.of(Path.of("README.md"), Path.of("docs", "sandbox.md"))
                .flatMap(file -> Document.read(file).blocks().stream())
                .filter(block ->
                        block.language().equals(COMMANDS) || block.text().matches("(?s)(HTTP/|[\\[{]).*"))
                .toList();
        String answers = run(here(commands(walk)));

        int from = 0;
        for (String shown : shown(walk)) {
            int at = answers.indexOf(here(shown), from);
            assertThat(at)
                    .as(
                            "<%s> follows in the answers after%n%s%n-- in --%n%s",
                            shown, answers.substring(0, from), answers)
                    .isGreaterThanOrEqualTo(from);
            from = at + here(shown).length();
        }
        assertThat(shown(walk)).hasSizeGreaterThan(30);
    }

    private static String commands(List<Document.Block> walk) {
        return String.join(
                "",
                walk.stream()
                        .filter(block -> block.language().equals(COMMANDS))
                        .map(Document.Block::text)
                        .toList());
    }

    private static List<String> shown(List<Document.Block> walk) {
        return walk.stream()
                .filter(block -> block.language().isEmpty())
                .flatMap(block -> Arrays.stream(block.text().split(LEFT_OUT)))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private String here(String text) {
        return text.replace(DOCUMENTED, "http://localhost:" + gateway.getPort());
    }

    private static String run(String script) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().close();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(bash.exitValue()).as(output).isZero();
        return output;
    }
}
