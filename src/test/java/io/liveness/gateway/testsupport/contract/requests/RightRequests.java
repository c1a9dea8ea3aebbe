package io.liveness.gateway.testsupport.contract.requests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import io.liveness.gateway.testsupport.contract.Request;
import io.liveness.gateway.testsupport.contract.Values;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A request that keeps the contract, for any of its operations. */
public final class RightRequests {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Function<List<String>, String> token;
    private final Map<String, String> known;
    private final Examples examples;

    /**
     * @param token makes an access token of roles
     * @param known a right value for a path parameter by its name
     */
    public RightRequests(Contract contract, Function<List<String>, String> token, Map<String, String> known) {
        this.token = token;
        this.known = known;
        this.examples = new Examples(contract);
    }

    /** A right request of the operation; its key, if it needs one, is new each time. */
    public Request of(Operation operation) {
        String path = operation.path();
        for (JsonNode parameter : operation.parameters("path")) {
            String name = parameter.path("name").asText();
            String value = known.getOrDefault(name, examples.of(parameter).asText());
            path = path.replace("{" + name + "}", value);
        }
        Request draft = Request.of(operation.method(), path);
        if (operation.roles().isPresent()) {
            draft = draft.header(
                    "Authorization",
                    "Bearer " + token.apply(operation.roles().get().subList(0, 1)));
        }
        for (JsonNode parameter : operation.parameters("query")) {
            // The host of an example has no address.
            if (parameter.path("required").asBoolean()
                    || parameter.path("name").asText().equals("verify")) {
                draft = draft.query(
                        parameter.path("name").asText(),
                        Request.escaped(examples.of(parameter).asText()));
            }
        }
        for (Map.Entry<String, JsonNode> body : operation.bodies().properties()) {
            JsonNode example = examples.of(body.getValue());
            return withKey(operation, draft)
                    .header("Content-Type", body.getKey())
                    .body(Values.isJson(body.getKey()) ? text(example) : example.asText());
        }
        return withKey(operation, draft);
    }

    private static Request withKey(Operation operation, Request draft) {
        Request with = draft;
        for (JsonNode parameter : operation.parameters("header")) {
            if (parameter.path("required").asBoolean()) {
                with = with.header(parameter.path("name").asText(), Request.FRESH);
            }
        }
        return with;
    }

    /** Writes a value as JSON of ASCII alone. */
    static String text(JsonNode value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
