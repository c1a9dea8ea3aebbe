package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of docs/clients.md and docs/webhooks.md are parts of tests that run them. */
class ClientExamplesTest {

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "clients.md, java, src/test/java/io/liveness/gateway/process/release/GeneratedClientIT.java",
        "clients.md, typescript, src/test/typescript/drive.ts",
        "webhooks.md, java, src/test/java/io/liveness/gateway/events/ReceiverExamplesTest.java",
        "webhooks.md, javascript, src/test/typescript/receive.mjs"
    })
    void each_example_is_part_of_a_test(String page, String language, Path source) throws IOException {
        Path document = Path.of("docs", page);
        Matcher example = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(document));
        assertThat(example.find())
                .as("%s has an example in %s", document, language)
                .isTrue();

        assertThat(withoutLayout(Files.readString(source))).contains(withoutLayout(example.group(1)));
    }

    /** Formatting breaks lines at other places than the document. */
    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }
}
