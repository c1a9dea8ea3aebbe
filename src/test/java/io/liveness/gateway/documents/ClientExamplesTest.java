package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of these pages are parts of tests that run them. */
class ClientExamplesTest {

    private static final String TESTS = "src/test/java/io/liveness/gateway/";

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "README.md, java, src/test/stranger/java/src/main/java/shop/Shop.java",
        "README.md, typescript, src/test/stranger/typescript/shop.ts",
        "README.md, python, src/test/stranger/python/shop.py",
        "docs/callers.md, java, " + TESTS + "process/release/GeneratedClientIT.java " + TESTS
                + "process/faults/ClientsOfKilledGatewaysIT.java",
        "docs/callers.md, typescript, src/test/typescript/drive.ts src/test/typescript/visit.ts",
        "docs/callers.md, python, src/test/python/drive.py src/test/python/visit.py",
        "docs/webhooks.md, java, " + TESTS + "notify/ReceiverExamplesTest.java",
        "docs/webhooks.md, javascript, src/test/typescript/receive.mjs"
    })
    void each_example_is_part_of_a_test(Path document, String language, String sources) throws IOException {
        StringBuilder tests = new StringBuilder();
        for (String source : sources.split(" ")) {
            tests.append(withoutLayout(Files.readString(Path.of(source))));
        }

        assertThat(Document.read(document).blocks())
                .filteredOn(block -> block.language().equals(language))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(tests).contains(withoutLayout(block.text())));
    }

    /** Formatting breaks lines at other places than the document. */
    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }
}
