package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.testsupport.contract.Contract;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Each error of ours is in the contract, as it is answered. That examples keep their schemas is what Spectral looks at. */
class ContractExamplesTest {

    private static final Contract CONTRACT = Contract.checkedIn();

    @Test
    void every_example_of_an_error_is_one_of_ours_and_each_of_ours_has_one() {
        Set<String> missing =
                Stream.of(ProblemCode.values()).map(ProblemCode::code).collect(Collectors.toSet());
        // Told of in words: it answers methods that no operation has.
        missing.remove(ProblemCode.METHOD_NOT_ALLOWED.code());

        assertThat(CONTRACT.operations().stream()
                        .flatMap(operation -> operation.responses().values().stream())
                        .map(response -> response.at("/content/application~1problem+json"))
                        .flatMap(ContractExamplesTest::examples))
                .isNotEmpty()
                .allSatisfy(problem -> {
                    ProblemCode code = Stream.of(ProblemCode.values())
                            .filter(one ->
                                    one.code().equals(problem.path("code").asText()))
                            .findAny()
                            .orElseThrow(() -> new AssertionError("no code of ours: " + problem));
                    assertThat(problem.path("type").asText()).isEqualTo("/problems#" + code.code());
                    assertThat(problem.path("title").asText()).isEqualTo(code.title());
                    assertThat(problem.path("status").asInt()).isEqualTo(code.status());
                    missing.remove(code.code());
                });
        assertThat(missing).isEmpty();
    }

    private static Stream<JsonNode> examples(JsonNode content) {
        return Stream.concat(
                Stream.of(content.path("example")).filter(example -> !example.isMissingNode()),
                StreamSupport.stream(content.path("examples").spliterator(), false)
                        .map(example -> CONTRACT.resolve(example).path("value")));
    }
}
