package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveness.gateway.testsupport.http.RawAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Violations of the contract in an answer. */
final class AnswerRules {

    static final String PROBLEM = "application/problem+json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectNode PROBLEM_SCHEMA =
            JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/Problem");

    private final Contract contract;

    AnswerRules(Contract contract) {
        this.contract = contract;
    }

    /** @return one sentence for each departure, none when the answer keeps the contract */
    List<String> broken(Request request, RawAnswer answer) {
        List<String> broken = new ArrayList<>();
        requestId(answer, broken);
        Optional<Operation> operation = contract.operation(request.method(), request.path());
        if (operation.isEmpty()) {
            // 404 and 405 of what is not in the contract.
            if (answer.status() < 400 || answer.status() > 499) {
                broken.add("status " + answer.status() + " of an operation that is not in the contract");
            }
            problem(answer, broken);
            return broken;
        }
        Optional<JsonNode> response = operation.get().response(answer.status());
        if (response.isEmpty()) {
            broken.add("status " + answer.status() + " is not documented for " + operation.get());
            return broken;
        }
        headers(response.get(), answer, broken);
        body(response.get(), answer, broken);
        if (answer.status() >= 400) {
            problem(answer, broken);
        }
        return broken;
    }

    private static void requestId(RawAnswer answer, List<String> broken) {
        List<String> ids = answer.headers().getOrDefault("X-Request-Id", List.of());
        if (ids.size() != 1 || !ids.get(0).matches("[A-Za-z0-9._-]{1,64}")) {
            broken.add("X-Request-Id is " + ids);
        }
    }

    private void problem(RawAnswer answer, List<String> broken) {
        if (!PROBLEM.equals(mediaType(answer))) {
            broken.add("an error of type " + mediaType(answer));
            return;
        }
        json(answer, broken).ifPresent(problem -> {
            broken.addAll(contract.schemas().brokenInAnswer(PROBLEM_SCHEMA, problem));
            if (problem.path("status").asInt() != answer.status()) {
                broken.add("a problem of status " + problem.path("status") + " in an answer of " + answer.status());
            }
            if (!List.of(problem.path("requestId").asText())
                    .equals(answer.headers().get("X-Request-Id"))) {
                broken.add("a problem with another requestId than its answer");
            }
        });
    }

    private void headers(JsonNode response, RawAnswer answer, List<String> broken) {
        for (Map.Entry<String, JsonNode> entry : response.path("headers").properties()) {
            JsonNode header = contract.resolve(entry.getValue());
            List<String> values = answer.headers().getOrDefault(entry.getKey(), List.of());
            if (values.isEmpty() && header.path("required").asBoolean()) {
                broken.add("the header " + entry.getKey() + " is missing");
            }
            for (String value : values) {
                for (String message : contract.schemas()
                        .broken(header.path("schema"), Values.of(contract.resolve(header.path("schema")), value))) {
                    broken.add("the header " + entry.getKey() + ": " + message);
                }
            }
        }
    }

    private void body(JsonNode response, RawAnswer answer, List<String> broken) {
        JsonNode content = response.path("content");
        if (content.isEmpty()) {
            if (!answer.body().isEmpty()) {
                broken.add("a body where none is documented");
            }
            return;
        }
        String type = mediaType(answer);
        JsonNode documented = content.properties().stream()
                .filter(entry -> Values.matches(entry.getKey(), type))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(null);
        if (documented == null) {
            broken.add("the content type " + type + " is not documented");
        } else if (Values.isJson(type)) {
            json(answer, broken).ifPresent(body -> {
                broken.addAll(contract.schemas().brokenInAnswer(documented.path("schema"), body));
                broken.addAll(Values.timesInAnotherForm(body));
            });
        }
    }

    private static Optional<JsonNode> json(RawAnswer answer, List<String> broken) {
        try {
            JsonNode body = JSON.readTree(answer.body());
            if (body != null && !body.isMissingNode()) {
                return Optional.of(body);
            }
        } catch (IOException e) {
            // As bad as no body.
        }
        broken.add("the body is no JSON");
        return Optional.empty();
    }

    private static String mediaType(RawAnswer answer) {
        return Values.mediaType(answer.headers());
    }
}
