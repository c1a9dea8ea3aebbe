package io.liveness.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each client repeats what the gateway answers 503, so that a new problem is forgotten in none. */
class RepeatedProblemsTest {

    private static final Pattern REPEATED = Pattern.compile("REPEATED = [^;})\\]]*");
    private static final Pattern CODE = Pattern.compile("[\"']([a-z-]+)[\"']");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java/src/io/liveness/gateway/client/LivenessGateway.java",
                "python/liveness_gateway_client/gateway.py",
                "typescript/src/gateway.ts"
            })
    void all_that_passes_is_repeated(String client) throws IOException {
        Matcher list = REPEATED.matcher(Files.readString(Path.of("src/client", client)));
        assertThat(list.find()).isTrue();
        List<String> repeated =
                CODE.matcher(list.group()).results().map(code -> code.group(1)).toList();

        assertThat(repeated)
                .contains("idempotency-key-in-flight", "rate-limited", "internal-error")
                .containsAll(Arrays.stream(ProblemCode.values())
                        .filter(problem -> problem.status() == 503)
                        .map(ProblemCode::code)
                        .toList());
    }
}
