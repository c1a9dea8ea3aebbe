package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Violations of the contract in a request; the token is not judged. */
public final class RequestRules {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Contract contract;

    public RequestRules(Contract contract) {
        this.contract = contract;
    }

    public List<String> broken(Request request) {
        Optional<Operation> found = contract.operation(request.method(), request.path());
        if (found.isEmpty()) {
            return List.of("no such operation");
        }
        Operation operation = found.get();
        List<String> broken = new ArrayList<>();
        if (operation.roles().isPresent() && !request.headers().containsKey("Authorization")) {
            broken.add("no token");
        }
        path(operation, request, broken);
        query(operation, request, broken);
        operation.parameters("header").forEach(parameter -> given(parameter, request.headers(), broken));
        body(operation, request, broken);
        return broken;
    }

    private void query(Operation operation, Request request, List<String> broken) {
        Set<String> unknown = new HashSet<>(request.query().keySet());
        operation.parameters("query").forEach(parameter -> {
            unknown.remove(parameter.path("name").asText());
            given(parameter, request.query(), broken);
        });
        // A browser brings along what the vendor adds, where no token is needed.
        if (operation.roles().isPresent()) {
            unknown.forEach(name -> broken.add(name + " is unknown"));
        }
    }

    private void path(Operation operation, Request request, List<String> broken) {
        String[] template = operation.path().split("/");
        String[] sent = request.path().split("/");
        for (JsonNode parameter : operation.parameters("path")) {
            String name = parameter.path("name").asText();
            for (int i = 0; i < template.length; i++) {
                if (template[i].equals("{" + name + "}")) {
                    value(parameter, sent[i], broken);
                }
            }
        }
    }

    private void given(JsonNode parameter, Map<String, List<String>> all, List<String> broken) {
        List<String> values = all.getOrDefault(parameter.path("name").asText(), List.of());
        if (values.isEmpty() && parameter.path("required").asBoolean()) {
            broken.add(parameter.path("name").asText() + " is missing");
        }
        if (values.size() > 1) {
            broken.add(parameter.path("name").asText() + " is repeated");
        }
        values.forEach(value -> value(parameter, value, broken));
    }

    private void value(JsonNode parameter, String text, List<String> broken) {
        if (text.indexOf('\uFFFD') >= 0) {
            broken.add(parameter.path("name").asText() + " is no UTF-8");
        }
        contract.brokenByText(parameter.path("schema"), text)
                .forEach(message -> broken.add(parameter.path("name").asText() + ": " + message));
    }

    private void body(Operation operation, Request request, List<String> broken) {
        if (operation.bodies().isEmpty() || (request.body().length == 0 && !operation.needsBody())) {
            return;
        }
        String type = Values.mediaType(request.headers());
        Optional<JsonNode> documented = Values.documented(operation.bodies(), type);
        if (documented.isEmpty()) {
            broken.add("the content type " + type + " is not documented");
        } else if (Values.isJson(type)) {
            json(documented.get().path("schema"), request.body(), broken);
        }
    }

    private void json(JsonNode schema, byte[] body, List<String> broken) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            JsonNode value = JSON.readTree(text);
            if (value == null || value.isMissingNode()) {
                broken.add("no body");
            } else {
                broken.addAll(contract.schemas().broken(schema, value));
            }
        } catch (IOException e) {
            broken.add("the body is no JSON of UTF-8");
        }
    }
}
