package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the README shows of the clients is what the tests run. */
class ReadmeExamplesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "java, src/test/java/io/liveness/gateway/process/release/GeneratedClientIT.java",
        "typescript, src/test/typescript/drive.ts"
    })
    void each_example_is_part_of_a_test(String language, Path source) throws IOException {
        Matcher example =
                Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(Path.of("README.md")));
        assertThat(example.find())
                .as("README.md has an example in %s", language)
                .isTrue();

        assertThat(withoutLayout(Files.readString(source))).contains(withoutLayout(example.group(1)));
    }

    /** Formatting breaks lines where the README need not. */
    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }
}
