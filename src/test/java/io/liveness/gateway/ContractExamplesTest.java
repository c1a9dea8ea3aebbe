package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each answer of each operation has an example that matches its schema, and an error's example is a real answer. */
class ContractExamplesTest {

    private final Contract contract = Contract.checkedIn();

    @TestFactory
    List<DynamicTest> every_answer_has_an_example_that_keeps_its_schema() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Operation operation : contract.operations()) {
            operation
                    .responses()
                    .forEach((status, response) -> tests.add(DynamicTest.dynamicTest(
                            operation + " " + status,
                            () -> response.path("content")
                                    .properties()
                                    .forEach(content -> assertExamples(content.getKey(), content.getValue())))));
            operation
                    .bodies()
                    .forEach((type, body) -> tests.add(
                            DynamicTest.dynamicTest(operation + " request", () -> assertExamples(type, body))));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> every_parameter_and_header_has_an_example_that_keeps_its_schema() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Operation operation : contract.operations()) {
            for (String place : List.of("path", "query", "header")) {
                for (JsonNode parameter : operation.parameters(place)) {
                    tests.add(DynamicTest.dynamicTest(
                            operation + " " + parameter.path("name").asText(), () -> assertExample(parameter)));
                }
            }
            operation
                    .responses()
                    .forEach((status, response) -> response.path("headers")
                            .properties()
                            .forEach(header -> tests.add(DynamicTest.dynamicTest(
                                    operation + " " + status + " " + header.getKey(),
                                    () -> assertExample(contract.resolve(header.getValue()))))));
        }
        return tests;
    }

    @Test
    void every_code_of_ours_has_an_example() {
        Set<String> missing =
                Stream.of(ProblemCode.values()).map(ProblemCode::code).collect(Collectors.toSet());
        // Told of in words: it answers methods that no operation has.
        missing.remove(ProblemCode.METHOD_NOT_ALLOWED.code());
        for (Operation operation : contract.operations()) {
            operation
                    .responses()
                    .values()
                    .forEach(response -> examples(response.path("content").path("application/problem+json"))
                            .forEach(example ->
                                    missing.remove(example.path("code").asText())));
        }

        assertThat(missing).isEmpty();
    }

    private void assertExamples(String type, JsonNode content) {
        if (type.startsWith("image/") || type.equals(FileType.SPREADSHEET) || type.equals(FileType.ARCHIVE)) {
            return; // Neither a face image nor a spreadsheet nor an archive is text.
        }
        List<JsonNode> examples = examples(content);
        assertThat(examples).as("examples").isNotEmpty();
        for (JsonNode example : examples) {
            assertThat(contract.broken(content.path("schema"), example))
                    .as("%s", example)
                    .isEmpty();
            if (type.equals("application/problem+json")) {
                assertOurs(example);
            }
        }
    }

    private void assertExample(JsonNode parameter) {
        JsonNode example = parameter.has("example")
                ? parameter.get("example")
                : contract.resolve(parameter.path("schema")).path("examples").path(0);
        assertThat(example.isMissingNode()).as("no example").isFalse();
        assertThat(contract.broken(parameter.path("schema"), example)).isEmpty();
    }

    private static void assertOurs(JsonNode problem) {
        ProblemCode code = Stream.of(ProblemCode.values())
                .filter(one -> one.code().equals(problem.path("code").asText()))
                .findAny()
                .orElseThrow(() -> new AssertionError("no code of ours: " + problem));
        assertThat(problem.path("type").asText()).isEqualTo("/problems#" + code.code());
        assertThat(problem.path("title").asText()).isEqualTo(code.title());
        assertThat(problem.path("status").asInt()).isEqualTo(code.status());
    }

    private List<JsonNode> examples(JsonNode content) {
        List<JsonNode> examples = new ArrayList<>();
        if (content.has("example")) {
            examples.add(content.get("example"));
        }
        content.path("examples")
                .forEach(example -> examples.add(contract.resolve(example).path("value")));
        return examples;
    }
}
