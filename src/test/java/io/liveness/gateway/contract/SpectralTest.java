package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.process.Command.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract keeps Spectral's rules for OpenAPI and those of {@code openapi/spectral.yaml}. */
class SpectralTest {

    @Test
    void the_contract_is_clean() {
        Result result = Node.ready("typescript")
                .tool(
                        "spectral",
                        "lint",
                        Path.of("openapi", "liveness-gateway.yaml")
                                .toAbsolutePath()
                                .toString(),
                        "--ruleset",
                        Path.of("openapi", "spectral.yaml").toAbsolutePath().toString(),
                        "--fail-severity=warn");

        assertThat(result.exitCode())
                .as(
                        "Spectral has something against the contract; by hand: npx @stoplight/spectral-cli lint"
                                + " openapi/liveness-gateway.yaml --ruleset openapi/spectral.yaml --fail-severity=warn\n%s",
                        result.output())
                .isZero();
    }
}
