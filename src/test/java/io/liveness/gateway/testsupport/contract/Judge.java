package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.liveness.gateway.testsupport.http.RawAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges a request and its answer together. */
public final class Judge {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode PROBLEM =
            JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/Problem");

    private final RequestRules requests;
    private final Contract contract;

    public Judge(Contract contract) {
        this.contract = contract;
        this.requests = new RequestRules(contract);
    }

    /** @throws AssertionError with every departure from the contract */
    public void judge(Request request, RawAnswer answer) {
        List<String> broken = new ArrayList<>();
        Optional<Operation> operation = contract.operation(request.method(), request.path());
        answer(operation, answer, broken);
        List<String> brokenByRequest = requests.broken(request);
        if (!brokenByRequest.isEmpty() && answer.status() < 400) {
            broken.add("a request that breaks the contract was taken: " + brokenByRequest);
        }
        if (brokenByRequest.isEmpty() && answer.status() == 400) {
            undocumentedRules(operation.orElseThrow(), answer, broken);
        }
        if (!broken.isEmpty()) {
            throw new AssertionError("%s %s answered %d %s%nwhich departs from the contract:%n%s"
                    .formatted(
                            request.method(),
                            request.target(),
                            answer.status(),
                            answer.body(),
                            String.join(System.lineSeparator(), broken)));
        }
    }

    private void answer(Optional<Operation> operation, RawAnswer answer, List<String> broken) {
        List<String> ids = answer.headers().getOrDefault("X-Request-Id", List.of());
        if (ids.size() != 1 || !ids.get(0).matches("[A-Za-z0-9._-]{1,64}")) {
            broken.add("X-Request-Id is " + ids);
        }
        Optional<JsonNode> response = operation.flatMap(known -> known.response(answer.status()));
        // What is not in the contract is refused.
        if (response.isEmpty() && (operation.isPresent() || answer.status() < 400 || answer.status() > 499)) {
            broken.add("status " + answer.status() + " is not documented for " + operation);
            return;
        }
        response.ifPresent(documented -> headers(documented, answer, broken));
        response.ifPresent(documented -> body(documented.path("content"), answer, broken));
        if (answer.status() >= 400) {
            problem(answer, broken);
        }
    }

    private void headers(JsonNode response, RawAnswer answer, List<String> broken) {
        for (Map.Entry<String, JsonNode> entry : response.path("headers").properties()) {
            JsonNode header = contract.resolve(entry.getValue());
            List<String> values = answer.headers().getOrDefault(entry.getKey(), List.of());
            if (values.isEmpty() && header.path("required").asBoolean()) {
                broken.add("the header " + entry.getKey() + " is missing");
            }
            values.forEach(value -> contract.brokenByText(header.path("schema"), value)
                    .forEach(message -> broken.add("the header " + entry.getKey() + ": " + message)));
        }
    }

    private void body(JsonNode content, RawAnswer answer, List<String> broken) {
        String type = Values.mediaType(answer.headers());
        Optional<JsonNode> documented = Values.documented(content, type);
        if (content.isEmpty() && !answer.body().isEmpty()) {
            broken.add("a body where none is documented");
        } else if (!content.isEmpty() && documented.isEmpty()) {
            broken.add("the content type " + type + " is not documented");
        } else if (documented.isPresent() && Values.isJson(type)) {
            json(answer, broken).ifPresent(body -> {
                broken.addAll(contract.schemas().brokenInAnswer(documented.get().path("schema"), body));
                broken.addAll(Values.timesInAnotherForm(body));
            });
        }
    }

    private void problem(RawAnswer answer, List<String> broken) {
        String type = Values.mediaType(answer.headers());
        if (!type.equals("application/problem+json")) {
            broken.add("an error of type " + type);
            return;
        }
        json(answer, broken).ifPresent(problem -> {
            broken.addAll(contract.schemas().brokenInAnswer(PROBLEM, problem));
            if (problem.path("status").asInt() != answer.status()) {
                broken.add("a problem of status " + problem.path("status") + " in an answer of " + answer.status());
            }
            if (!List.of(problem.path("requestId").asText())
                    .equals(answer.headers().get("X-Request-Id"))) {
                broken.add("a problem with another requestId than its answer");
            }
        });
    }

    private static Optional<JsonNode> json(RawAnswer answer, List<String> broken) {
        try {
            JsonNode body = JSON.readTree(answer.body());
            if (body != null && !body.isMissingNode()) {
                return Optional.of(body);
            }
        } catch (IOException e) {
            // A body that cannot be read is as bad as none.
        }
        broken.add("the body is no JSON");
        return Optional.empty();
    }

    /** A request that the schemas allow may still break a rule in words, but then words there must be. */
    private void undocumentedRules(Operation operation, RawAnswer answer, List<String> broken) {
        JsonNode errors = json(answer, broken).orElse(PROBLEM).path("errors");
        if (errors.isEmpty()) {
            broken.add("a request that keeps the contract was refused, and no field is named");
        }
        for (JsonNode error : errors) {
            String field = error.path("field").asText().split("[.\\[]")[0];
            if (!field.equals("body") && !isDescribed(operation, field)) {
                broken.add("a rule of " + field + " was broken that the contract does not tell");
            }
        }
    }

    private boolean isDescribed(Operation operation, String field) {
        return Stream.of("path", "query", "header")
                .flatMap(in -> operation.parameters(in).stream())
                .filter(parameter -> parameter.path("name").asText().equals(field))
                .findFirst()
                .map(parameter -> parameter.has("description"))
                .orElseGet(() -> operation
                        .bodies()
                        .valueStream()
                        .map(body -> contract.resolve(body.path("schema")).path("properties"))
                        .anyMatch(properties -> properties.path(field).has("description")));
    }
}
