package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A method of a path, with its part of the contract. */
public final class Operation {

    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

    private final Contract contract;
    private final String method;
    private final String path;
    private final Pattern form;
    private final JsonNode node;
    private final List<JsonNode> parameters = new ArrayList<>();

    Operation(Contract contract, String method, String path, JsonNode node) {
        this.contract = contract;
        this.method = method;
        this.path = path;
        this.form = Pattern.compile("\\Q" + PARAMETER.matcher(path).replaceAll("\\\\E[^/]+\\\\Q") + "\\E");
        this.node = node;
        node.path("parameters").forEach(parameter -> parameters.add(contract.resolve(parameter)));
    }

    public String method() {
        return method;
    }

    /** The template, for example {@code /v1/liveness-sessions/{id}}. */
    public String path() {
        return path;
    }

    /** The operation's definition, with the parameters of its path and the security of the whole document. */
    public JsonNode definition() {
        return node;
    }

    /** The roles that may call it; empty when it is public. */
    public Optional<List<String>> roles() {
        JsonNode security = node.path("security");
        if (!security.elements().hasNext()) {
            return Optional.empty();
        }
        List<String> roles = new ArrayList<>();
        security.elements().next().forEach(scopes -> scopes.forEach(scope -> roles.add(scope.asText())));
        return Optional.of(roles);
    }

    /** The parameters of a place: {@code path}, {@code query} or {@code header}. */
    public List<JsonNode> parameters(String in) {
        return parameters.stream()
                .filter(parameter -> parameter.path("in").asText().equals(in))
                .toList();
    }

    /** The body's schema by media type; empty when there is no body. */
    public JsonNode bodies() {
        return contract.resolve(node.path("requestBody")).path("content");
    }

    public boolean needsBody() {
        return contract.resolve(node.path("requestBody")).path("required").asBoolean();
    }

    /** The documented answers by status. */
    public Map<String, JsonNode> responses() {
        Map<String, JsonNode> responses = new LinkedHashMap<>();
        node.path("responses")
                .properties()
                .forEach(entry -> responses.put(entry.getKey(), contract.resolve(entry.getValue())));
        return responses;
    }

    /** What it may answer with a status: the documented response, or nothing. */
    public Optional<JsonNode> response(int status) {
        JsonNode responses = node.path("responses");
        for (String key : List.of(Integer.toString(status), status / 100 + "XX", "default")) {
            if (responses.has(key)) {
                return Optional.of(contract.resolve(responses.get(key)));
            }
        }
        return Optional.empty();
    }

    int parametersInPath() {
        return (int) PARAMETER.matcher(path).results().count();
    }

    boolean matches(String sent) {
        return form.matcher(sent).matches();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
