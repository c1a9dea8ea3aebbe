package io.liveness.gateway.testsupport.contract.requests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveness.gateway.testsupport.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Values that a schema does not allow, each for one reason. */
final class BrokenValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String EMOJI = "\uD83D\uDE00";
    /** Those that the schema does allow are dropped when the request is judged. */
    private static final JsonNode OF_EVERY_TYPE = read("""
            [null, true, false, 0, -1, 4711, 1.5, 1e400, -1e-400, 1000000000000000000000000000000, "true", "1", "", "text",
             [], ["x", 1], [[{}]], {}, {"a": 1}, {"a": {"b": [null]}}]""");

    private static final String TEXTS =
            "not-a-uuid 1-1-1-1-1 01a20e70ee0e74498b6fe9321188cda6 {01a20e70-ee0e-7449-8b6f-e9321188cda6}"
                    + " 01a20e70-ee0e-7449-8b6f-e9321188cda6x zza20e70-ee0e-7449-8b6f-e9321188cda6 2026-01-01 2026-01-01T00:00:00"
                    + " 2026-01-01T00:00Z 2026-13-01T00:00:00Z 2026-02-30T00:00:00Z 2026-01-01T25:00:00Z 2026-01-01T00:00:00+99:00"
                    + " 2026-W01-1T00:00:00Z 1767225600 yesterday";
    private static final int RANDOM_ROUNDS = 4;

    private final Contract contract;
    private final Examples examples;
    private final Random random;

    BrokenValues(Contract contract, Random random) {
        this.contract = contract;
        this.examples = new Examples(contract);
        this.random = random;
    }

    /** @param value the whole, broken at one place */
    record Broken(String rule, JsonNode value) {}

    List<Broken> of(JsonNode schema, JsonNode right) {
        List<Broken> broken = new ArrayList<>();
        collect("body", schema, right, whole -> whole, broken);
        return broken;
    }

    private void collect(
            String name, JsonNode reference, JsonNode right, UnaryOperator<JsonNode> into, List<Broken> broken) {
        JsonNode schema = contract.resolve(reference);
        for (JsonNode other : OF_EVERY_TYPE) {
            broken.add(new Broken(name + " of another type", into.apply(other)));
        }
        texts(schema).forEach(text -> broken.add(new Broken(name + " as text", into.apply(JSON.textNode(text)))));
        switch (schema.path("type").asText()) {
            case "array" -> array(name, schema, right, into, broken);
            case "object" -> object(name, schema, right, into, broken);
            default -> {
                // Nothing within.
            }
        }
    }

    private void array(
            String name, JsonNode schema, JsonNode right, UnaryOperator<JsonNode> into, List<Broken> broken) {
        JsonNode item = right.isArray() && !right.isEmpty() ? right.get(0) : examples.ofSchema(schema.path("items"));
        int max = schema.path("maxItems").asInt(20);
        for (int size : new int[] {0, max + 1, max + 2, max * 10}) {
            ArrayNode items = JSON.arrayNode();
            for (int i = 0; i < size; i++) {
                items.add(item);
            }
            broken.add(new Broken(name + " of " + size + " items", into.apply(items)));
        }
        collect(
                name + "[0]",
                schema.path("items"),
                item,
                value -> into.apply(JSON.arrayNode().add(value)),
                broken);
        collect(
                name + "[1]",
                schema.path("items"),
                item,
                value -> into.apply(JSON.arrayNode().add(item).add(value)),
                broken);
    }

    private void object(
            String name, JsonNode schema, JsonNode right, UnaryOperator<JsonNode> into, List<Broken> broken) {
        ObjectNode object = right.isObject() ? (ObjectNode) right : JSON.objectNode();
        for (JsonNode required : schema.path("required")) {
            broken.add(new Broken(
                    name + " without " + required.asText(),
                    into.apply(object.deepCopy().without(required.asText()))));
        }
        for (int i = 0; i < RANDOM_ROUNDS; i++) {
            String unknown = "unknown" + random.nextInt(1_000_000);
            broken.add(new Broken(
                    name + " with another field", into.apply(object.deepCopy().put(unknown, "x"))));
        }
        schema.path("properties").properties().forEach(property -> {
            broken.add(new Broken(
                    name + " with a field of another case",
                    into.apply(object.deepCopy().put(property.getKey().toUpperCase(Locale.ROOT), "x"))));
            JsonNode value = object.has(property.getKey())
                    ? object.get(property.getKey())
                    : examples.ofSchema(property.getValue());
            collect(
                    property.getKey(),
                    property.getValue(),
                    value,
                    changed -> into.apply(object.deepCopy().set(property.getKey(), changed)),
                    broken);
        });
        map(name, schema, object, into, broken);
    }

    private void map(
            String name, JsonNode schema, ObjectNode object, UnaryOperator<JsonNode> into, List<Broken> broken) {
        JsonNode values = schema.path("additionalProperties");
        if (!values.isObject()) {
            return;
        }
        JsonNode value = examples.ofSchema(values);
        int max = schema.path("maxProperties").asInt(20);
        for (int size : new int[] {max + 1, max * 2, max * 10}) {
            ObjectNode many = JSON.objectNode();
            for (int i = 0; i < size; i++) {
                many.set("k" + i, value);
            }
            broken.add(new Broken(name + " of " + size + " entries", into.apply(many)));
        }
        for (String key : texts(schema.path("propertyNames"))) {
            broken.add(new Broken(
                    name + " with a wrong key", into.apply(JSON.objectNode().set(key, value))));
        }
        collect(
                name + ".key",
                values,
                value,
                changed -> into.apply(object.deepCopy().set("key", changed)),
                broken);
    }

    /** Texts that break the bounds, the enum, the format or the pattern; dropped where there is none of them. */
    List<String> texts(JsonNode schema) {
        List<String> texts = new ArrayList<>(List.of("", " ", "\uFEFF", "null", "undefined", "NaN"));
        int max = schema.path("maxLength").asInt(0);
        if (max > 0) {
            for (int length : new int[] {max + 1, max + 2, max * 2, max * 10}) {
                texts.add("x".repeat(length));
                texts.add("实".repeat(length));
                texts.add(EMOJI.repeat(length));
            }
            for (int i = 0; i < RANDOM_ROUNDS; i++) {
                texts.add(word(max + 1 + random.nextInt(max)));
            }
        }
        for (JsonNode choice : schema.path("enum")) {
            String given = choice.asText();
            texts.add(given.toLowerCase(Locale.ROOT));
            texts.add(" " + given);
            texts.add(given + "\u0000");
            texts.add(given.substring(1));
            texts.add(given + word(1 + random.nextInt(4)));
        }
        if (!schema.path("format").asText().isEmpty() || schema.has("pattern") || schema.has("enum")) {
            texts.addAll(List.of(TEXTS.split(" ")));
            for (int i = 0; i < RANDOM_ROUNDS; i++) {
                texts.add(word(1 + random.nextInt(30)));
            }
        }
        return texts;
    }

    String word(int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
