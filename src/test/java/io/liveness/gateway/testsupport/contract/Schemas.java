package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON schemas of a contract (OpenAPI 3.1 has those of draft 2020-12), formats included. */
final class Schemas {

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final JsonNode components;
    private final JsonNode closedComponents;
    private final Map<JsonNode, JsonSchema> open = new ConcurrentHashMap<>();
    private final Map<JsonNode, JsonSchema> closed = new ConcurrentHashMap<>();

    Schemas(JsonNode document) {
        components = document.path("components").deepCopy();
        closedComponents = components.deepCopy();
        close(closedComponents.path("schemas"));
    }

    /** What is wrong with a value by the schema alone. */
    List<String> broken(JsonNode schema, JsonNode value) {
        return messages(open.computeIfAbsent(schema, given -> compiled(given.deepCopy(), components)), value);
    }

    /** What an answer breaks: there a field that the schema does not know is drift. */
    List<String> brokenInAnswer(JsonNode schema, JsonNode value) {
        return messages(
                closed.computeIfAbsent(schema, given -> {
                    JsonNode copy = given.deepCopy();
                    close(copy);
                    return compiled(copy, closedComponents);
                }),
                value);
    }

    private static List<String> messages(JsonSchema schema, JsonNode value) {
        return schema.validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private static JsonSchema compiled(JsonNode schema, JsonNode components) {
        if (schema instanceof ObjectNode document) {
            document.set("components", components);
        }
        return FACTORY.getSchema(schema.toString(), InputFormat.JSON, CONFIG);
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode schema
                && schema.path("properties").isObject()
                && !schema.has("additionalProperties")
                && !schema.has("unevaluatedProperties")) {
            schema.put("unevaluatedProperties", false);
        }
        node.properties().forEach(child -> {
            if (!child.getKey().startsWith("example")) {
                close(child.getValue());
            }
        });
        if (node.isArray()) {
            node.forEach(Schemas::close);
        }
    }
}
