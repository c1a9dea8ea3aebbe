package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.process.Command.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract keeps Redocly's recommended rules, as {@code openapi/redocly.yaml} has them. */
class RedoclyTest {

    private static final Path RULES = Path.of("openapi", "redocly.yaml");

    private final Node node = Node.ready("typescript");

    @Test
    void the_contract_is_clean() {
        Result result = lint(Path.of("openapi", "liveness-gateway.yaml"));

        assertThat(result.exitCode())
                .as(
                        "Redocly has something against the contract; by hand: npx @redocly/cli lint"
                                + " openapi/liveness-gateway.yaml --config openapi/redocly.yaml\n%s",
                        result.output())
                .isZero();
        assertThat(result.output()).contains("Your API description is valid");
    }

    @Test
    void a_contract_that_breaks_the_rules_is_refused() {
        Result result = lint(Path.of("src", "test", "resources", "redocly", "bad.yaml"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).contains("no-empty-servers", "info-license", "rule/operations-succeed");
    }

    private Result lint(Path file) {
        return node.tool(
                "redocly",
                "lint",
                file.toAbsolutePath().toString(),
                "--config",
                RULES.toAbsolutePath().toString());
    }
}
