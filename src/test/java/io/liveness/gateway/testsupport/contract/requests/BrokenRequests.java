package io.liveness.gateway.testsupport.contract.requests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import io.liveness.gateway.testsupport.contract.Request;
import io.liveness.gateway.testsupport.contract.RequestRules;
import io.liveness.gateway.testsupport.contract.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Requests that each break one rule of a contract, made by walking it: a new operation is met by all of them. */
public final class BrokenRequests {

    /**
     * A request that breaks one rule.
     *
     * @param rule which one, in words
     * @param statuses of the answers that fit
     */
    public record Broken(String rule, Request draft, Set<Integer> statuses) {}

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** One value of every JSON type. What a schema allows is dropped. */
    private static final List<JsonNode> OF_EVERY_TYPE = List.of(
            JSON.nullNode(),
            JSON.booleanNode(true),
            JSON.numberNode(-1),
            JSON.numberNode(1.5),
            JSON.numberNode(new java.math.BigDecimal("1e30")),
            JSON.textNode("text"),
            JSON.arrayNode().add("x"),
            JSON.objectNode().put("a", 1));

    private static final List<String> WRONG_TEXTS = List.of(
            "",
            " ",
            "null",
            "-1",
            "1.5",
            "1e400",
            "9223372036854775808",
            "not-a-uuid",
            "01a20e70-ee0e-7449-8b6f-e9321188cda6x",
            "2026-02-30T00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-13-01",
            "yesterday");
    /** NUL, and bytes that are no UTF-8, as an address has them. */
    private static final List<String> WRONG_BYTES = List.of("%00", "%ff", "%c0%80");

    /** Longer addresses are another matter: 431. */
    private static final int SHORT_ENOUGH = 3_500;

    /** The dollar stands for the right body. */
    private static final List<String> WRONG_BODIES =
            List.of("", " ", "null", "true", "\"text\"", "[]", "[$]", "{", "}", "$$", "$ x", "{'a':1}", "<a/>", "a=b");

    private final Contract contract;
    private final Function<List<String>, String> token;
    private final Map<String, String> known;
    private final Examples examples;
    private final RequestRules rules;
    private final List<Broken> all = new ArrayList<>();

    /**
     * @param token makes an access token of roles
     * @param known a right value for a path parameter by its name
     */
    public BrokenRequests(Contract contract, Function<List<String>, String> token, Map<String, String> known) {
        this.contract = contract;
        this.token = token;
        this.known = known;
        this.examples = new Examples(contract);
        this.rules = new RequestRules(contract);
    }

    public List<Broken> all() {
        RightRequests right = new RightRequests(contract, token, known);
        for (Operation operation : contract.operations()) {
            Request draft = right.of(operation);
            headers(operation, draft);
            query(operation, draft);
            path(operation, draft);
            operation.bodies().properties().stream()
                    .filter(body -> Values.isJson(body.getKey()))
                    .map(Map.Entry::getValue)
                    .forEach(body -> body(draft, body.path("schema"), examples.of(body)));
            if (!operation.bodies().isEmpty()) {
                add("Content-Type", draft.header("Content-Type", "application/xml"), 415);
            }
            if (operation.roles().isPresent()) {
                add("no token", draft.header("Authorization"), 401);
                add("another token", draft.header("Authorization", "Bearer a.b.c"), 401);
                add("a changed token", draft.header("Authorization", changed(draft)), 401);
            }
        }
        contract.operations().stream().map(Operation::path).distinct().forEach(path -> methods(right, path));
        return all;
    }

    private static String changed(Request draft) {
        String given = draft.headers().get("Authorization").get(0);
        int at = given.length() / 2;
        return given.substring(0, at) + (given.charAt(at) == 'A' ? 'B' : 'A') + given.substring(at + 1);
    }

    private String liveness() {
        return "Bearer " + token.apply(List.of("liveness"));
    }

    /** Adds the methods that no operation has. */
    private void methods(RightRequests right, String path) {
        Operation any = contract.operations().stream()
                .filter(operation -> operation.path().equals(path))
                .findFirst()
                .orElseThrow();
        Request draft = right.of(any).body(new byte[0]).header("Authorization", liveness());
        String target = draft.target().split("\\?")[0];
        for (String method : List.of("PUT", "PATCH", "DELETE", "TRACE", "get")) {
            if (contract.operation(method, target).isEmpty()) {
                add("another method", draft.method(method).target(target), 405);
            }
        }
    }

    private void headers(Operation operation, Request right) {
        for (JsonNode parameter : operation.parameters("header")) {
            String name = parameter.path("name").asText();
            judged(name + " missing", right.header(name));
            judged(name + " twice", right.header(name, "first", "second"));
            for (String text : texts(contract.resolve(parameter.path("schema")))) {
                if (text.equals(text.strip()) && text.chars().allMatch(c -> c < 0x7f)) {
                    judged(name, right.header(name, text));
                }
            }
            judged(name + " with a blank", right.header(name, "a key"));
            judged(name + " in Latin", right.header(name, "k\u00e9y"));
        }
    }

    private void query(Operation operation, Request right) {
        judged("unknown parameter", right.query("unknown", "x"));
        for (JsonNode parameter : operation.parameters("query")) {
            String name = parameter.path("name").asText();
            Request without = right.target(right.target().replaceAll("[?&]" + name + "=[^&]*", ""));
            // A browser may bring along anything else, where no token is needed.
            if (operation.roles().isPresent()) {
                WRONG_BYTES.forEach(bytes -> add(name + " in no UTF-8, or NUL", without.query(name, bytes), 400));
                String example = Request.escaped(examples.of(parameter).asText());
                add(name + " twice", without.query(name, example, example), 400);
            }
            texts(contract.resolve(parameter.path("schema"))).stream()
                    .map(Request::escaped)
                    .filter(text -> text.length() < SHORT_ENOUGH)
                    .forEach(text -> judged(name, without.query(name, text)));
        }
    }

    private void path(Operation operation, Request draft) {
        // Beside the one address that needs no token everything is 401 without one.
        Request right = operation.roles().isPresent() ? draft : draft.header("Authorization", liveness());
        for (JsonNode parameter : operation.parameters("path")) {
            String name = parameter.path("name").asText();
            String value = known.getOrDefault(name, examples.of(parameter).asText());
            List<String> wrong = new ArrayList<>(List.of("1", "null", value + "x", value + "%20", "%2e%2e%2f"));
            wrong.addAll(WRONG_BYTES);
            wrong.add("x"
                    .repeat(contract.resolve(parameter.path("schema"))
                                    .path("maxLength")
                                    .asInt(1_000)
                            + 1));
            for (String text : wrong) {
                Request other = right.target(right.target().replace(value, text));
                if (!rules.broken(other).isEmpty()) {
                    add(name, other, 400, 404, 405);
                }
            }
        }
    }

    private void body(Request right, JsonNode schema, JsonNode value) {
        String text = RightRequests.text(value);
        value("body", schema, value, whole -> whole, broken -> right.body(RightRequests.text(broken)));
        WRONG_BODIES.forEach(wrong -> judged("another body", right.body(wrong.replace("$", text))));
        judged("cut off", right.body(text.substring(0, text.length() / 2)));
        judged("nested deeply", right.body("[".repeat(50_000)));
        judged("UTF-16", right.body(text.getBytes(StandardCharsets.UTF_16)));
        judged("no UTF-8", right.body((text.substring(0, 2) + "\u00ff" + text).getBytes(StandardCharsets.ISO_8859_1)));
        value.properties().forEach(field -> {
            String again = ",\"" + field.getKey() + "\":" + RightRequests.text(field.getValue()) + "}";
            judged(field.getKey() + " twice", right.body(text.substring(0, text.length() - 1) + again));
            if (field.getValue().isTextual()) {
                ObjectNode changed = value.deepCopy();
                changed.put(field.getKey(), field.getValue().asText() + "\u0000");
                add(field.getKey() + " with NUL", right.body(RightRequests.text(changed)), 400);
            }
        });
    }

    /** @param into puts a value in the place of this one */
    private void value(
            String name,
            JsonNode reference,
            JsonNode right,
            UnaryOperator<JsonNode> into,
            Function<JsonNode, Request> draft) {
        JsonNode schema = contract.resolve(reference);
        OF_EVERY_TYPE.forEach(other -> judged(name + " of another type", draft.apply(into.apply(other))));
        texts(schema).forEach(text -> judged(name + " as text", draft.apply(into.apply(JSON.textNode(text)))));
        if (right.isArray()) {
            JsonNode item = right.isEmpty() ? examples.ofSchema(schema.path("items")) : right.get(0);
            ArrayNode tooMany = JSON.arrayNode();
            for (int i = 0; i <= schema.path("maxItems").asInt(0); i++) {
                tooMany.add(item);
            }
            judged(name + " of too many items", draft.apply(into.apply(tooMany)));
            value(
                    name + "[0]",
                    schema.path("items"),
                    item,
                    one -> into.apply(JSON.arrayNode().add(one)),
                    draft);
        } else if (right instanceof ObjectNode object) {
            judged(
                    name + " with another field",
                    draft.apply(into.apply(object.deepCopy().put("unknown", "x"))));
            for (JsonNode required : schema.path("required")) {
                ObjectNode without = object.deepCopy();
                without.remove(required.asText());
                judged(name + " without " + required.asText(), draft.apply(into.apply(without)));
            }
            schema.path("properties").properties().forEach(property -> {
                String key = property.getKey();
                JsonNode given = object.has(key) ? object.get(key) : examples.ofSchema(property.getValue());
                value(
                        key,
                        property.getValue(),
                        given,
                        one -> into.apply(object.deepCopy().set(key, one)),
                        draft);
            });
            if (schema.path("additionalProperties").isObject()) {
                JsonNode values = schema.path("additionalProperties");
                UnaryOperator<JsonNode> entry =
                        one -> into.apply(object.deepCopy().set("key", one));
                value(name + ".key", values, examples.ofSchema(values), entry, draft);
            }
        }
    }

    /** Texts that break the bounds, the list of values, the format or the pattern; dropped where there is none of them. */
    private static List<String> texts(JsonNode schema) {
        List<String> texts = new ArrayList<>(WRONG_TEXTS);
        int max = schema.path("maxLength").asInt(0);
        if (max > 0 && max < 1_000) {
            for (String one : List.of("x", "实", "\uD83D\uDE00")) {
                texts.add(one.repeat(max + 1));
            }
        }
        for (JsonNode choice : schema.path("enum")) {
            texts.add(choice.asText().toLowerCase(Locale.ROOT));
            texts.add(choice.asText() + "X");
        }
        for (String limit : List.of("maximum", "minimum")) {
            if (schema.has(limit)) {
                texts.add("" + (schema.path(limit).asLong() + (limit.equals("maximum") ? 1 : -1)));
            }
        }
        return texts;
    }

    /** Adds it when the contract does not allow it. */
    private void judged(String rule, Request draft) {
        if (!rules.broken(draft).isEmpty()) {
            add(rule, draft, 400);
        }
    }

    private void add(String rule, Request draft, Integer... statuses) {
        all.add(new Broken(rule, draft, Set.of(statuses)));
    }
}
