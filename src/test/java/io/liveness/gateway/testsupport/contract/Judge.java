package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.testsupport.http.RawAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Judges a request and its answer together. */
public final class Judge {

    private final RequestRules requests;
    private final AnswerRules answers;
    private final Contract contract;

    public Judge(Contract contract) {
        this.contract = contract;
        this.requests = new RequestRules(contract);
        this.answers = new AnswerRules(contract);
    }

    /** @throws AssertionError with every departure from the contract */
    public void judge(Request request, RawAnswer answer) {
        List<String> broken = new ArrayList<>(answers.broken(request, answer));
        List<String> brokenByRequest = requests.broken(request);
        if (!brokenByRequest.isEmpty() && answer.status() < 400) {
            broken.add("a request that breaks the contract was taken: " + brokenByRequest);
        }
        if (brokenByRequest.isEmpty() && answer.status() == 400) {
            undocumentedRules(request, answer, broken);
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

    /** A request that the schemas allow may still break a rule in words, but then words there must be. */
    private void undocumentedRules(Request request, RawAnswer answer, List<String> broken) {
        JsonNode errors = json(answer).path("errors");
        if (errors.isEmpty()) {
            broken.add("a request that keeps the contract was refused, and no field is named");
        }
        Operation operation =
                contract.operation(request.method(), request.path()).orElseThrow();
        for (JsonNode error : errors) {
            String field = error.path("field").asText().split("[.\\[]")[0];
            if (!field.equals("body") && !isDescribed(operation, field)) {
                broken.add("a rule of " + field + " was broken that the contract does not tell");
            }
        }
    }

    private boolean isDescribed(Operation operation, String field) {
        for (String in : List.of("path", "query", "header")) {
            for (JsonNode parameter : operation.parameters(in)) {
                if (parameter.path("name").asText().equals(field)) {
                    return parameter.has("description");
                }
            }
        }
        return operation.bodies().values().stream()
                .map(body -> contract.resolve(body.path("schema")).path("properties"))
                .anyMatch(properties -> properties.path(field).has("description"));
    }

    private static JsonNode json(RawAnswer answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
