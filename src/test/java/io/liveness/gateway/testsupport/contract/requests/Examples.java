package io.liveness.gateway.testsupport.contract.requests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveness.gateway.testsupport.contract.Contract;
import java.util.List;
import java.util.Map;

/** A value that a schema allows: its example where it has one. */
final class Examples {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Contract contract;

    Examples(Contract contract) {
        this.contract = contract;
    }

    /** The example of a media type or parameter: {@code example}, the first of {@code examples}, or one of its schema. */
    JsonNode of(JsonNode node) {
        if (node.has("example")) {
            return node.get("example");
        }
        for (Map.Entry<String, JsonNode> example : node.path("examples").properties()) {
            return contract.resolve(example.getValue()).path("value");
        }
        return ofSchema(node.path("schema"));
    }

    JsonNode ofSchema(JsonNode reference) {
        JsonNode schema = contract.resolve(reference);
        for (JsonNode given : List.of(
                schema.path("examples").path(0),
                schema.path("example"),
                schema.path("const"),
                schema.path("enum").path(0),
                schema.path("default"))) {
            if (!given.isMissingNode()) {
                return given;
            }
        }
        return switch (schema.path("type").asText()) {
            case "boolean" -> JSON.booleanNode(true);
            case "integer", "number" -> JSON.numberNode(schema.path("minimum").asInt(1));
            case "array" -> JSON.arrayNode().add(ofSchema(schema.path("items")));
            case "object" -> object(schema);
            default -> JSON.textNode(text(schema));
        };
    }

    private JsonNode object(JsonNode schema) {
        ObjectNode object = JSON.objectNode();
        schema.path("properties")
                .properties()
                .forEach(property -> object.set(property.getKey(), ofSchema(property.getValue())));
        if (schema.path("additionalProperties").isObject()) {
            object.set("key", ofSchema(schema.path("additionalProperties")));
        }
        return object;
    }

    private static String text(JsonNode schema) {
        return switch (schema.path("format").asText()) {
            case "uuid" -> "01a20e70-ee0e-7449-8b6f-e9321188cda6";
            case "date-time" -> "2026-01-31T08:00:00Z";
            case "uri" -> "https://shop.example/x";
            default -> "x".repeat(Math.max(1, schema.path("minLength").asInt()));
        };
    }
}
