package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.process.Command.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The contract keeps Spectral's rules for OpenAPI and those of {@code openapi/spectral.yaml}. */
class SpectralTest {

    private static final Path RULES = Path.of("openapi", "spectral.yaml");
    private static final Pattern OWN_RULE = Pattern.compile("(?m)^  ([a-z0-9-]+):$");

    private final Node node = Node.ready("typescript");

    @Test
    void the_contract_is_clean() {
        Result result = lint(Path.of("openapi", "liveness-gateway.yaml"));

        assertThat(result.exitCode())
                .as(
                        "Spectral has something against the contract; by hand: npx @stoplight/spectral-cli lint"
                                + " openapi/liveness-gateway.yaml --ruleset openapi/spectral.yaml --fail-severity=warn\n%s",
                        result.output())
                .isZero();
    }

    @Test
    void each_rule_refuses_what_breaks_it() throws IOException {
        List<String> expected = new ArrayList<>(OWN_RULE.matcher(Files.readString(RULES))
                .results()
                .map((MatchResult rule) -> rule.group(1))
                .toList());
        // A warning of Spectral's own ruleset.
        expected.add("operation-description");

        Result result = lint(Path.of("src", "test", "resources", "spectral", "bad.yaml"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).contains(expected);
    }

    private Result lint(Path file) {
        return node.tool(
                "spectral",
                "lint",
                file.toAbsolutePath().toString(),
                "--ruleset",
                RULES.toAbsolutePath().toString(),
                "--fail-severity=warn");
    }
}
