package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of docs/clients.md are parts of tests that run them. */
class ClientExamplesTest {

    private static final Path DOCUMENT = Path.of("docs", "clients.md");

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "java, src/test/java/io/liveness/gateway/process/release/GeneratedClientIT.java",
        "typescript, src/test/typescript/drive.ts"
    })
    void each_example_is_part_of_a_test(String language, Path source) throws IOException {
        Matcher example = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(DOCUMENT));
        assertThat(example.find())
                .as("%s has an example in %s", DOCUMENT, language)
                .isTrue();

        assertThat(withoutLayout(Files.readString(source))).contains(withoutLayout(example.group(1)));
    }

    /** Formatting breaks lines at other places than the document. */
    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }
}
