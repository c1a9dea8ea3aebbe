package io.liveness.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveness.gateway.contract.ContractChanges.Fact.Kind;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What changed between two contracts, for the clients that are made from them.
 *
 * <p>Our own, because openapi-diff 2.1.7 does not see these in an OpenAPI 3.1 file: a changed type, a type list that now
 * allows null, a value removed from an enum of array items, another role asked for; and it takes a removed property for
 * compatible. oasdiff does, but is not to be had by Maven or npm.
 */
final class ContractChanges {

    /**
     * One difference between two contracts that a client could notice.
     *
     * @param breaking a client made from the older contract may fail, or no longer compiles when made anew
     * @param place the operation, and where in it
     */
    record Change(boolean breaking, String place, String what) {

        @Override
        public String toString() {
            return (breaking ? "! " : "+ ") + place + ": " + what;
        }
    }

    /**
     * One thing that a contract says.
     *
     * @param request of what is sent to the service, which may accept more than before; else of what it returns, which may be less
     * @param owner the place without which it is not said
     * @param what names it in the place; empty for the place itself
     */
    record Fact(Kind kind, boolean request, String owner, String place, String what, String value) {

        enum Kind {
            /** The contract has an operation, a parameter, a property or an answer. */
            PLACE,
            /** The value must be there. */
            REQUIRED,
            /** One of the allowed values, types or roles. */
            CHOICE,
            /** A bound, a pattern, a format, and that there is a list of choices. */
            RULE,
            /** The name of a method or a class of generated clients. */
            NAME
        }

        Change removed() {
            boolean breaking =
                    switch (kind) {
                        case PLACE, NAME -> true;
                        case REQUIRED, RULE -> !request;
                        case CHOICE -> request;
                    };
            return new Change(breaking, place, (what + " removed").strip());
        }

        Change added() {
            boolean breaking =
                    switch (kind) {
                        case PLACE -> false;
                        case NAME -> true;
                        case REQUIRED, RULE -> request;
                        case CHOICE -> !request;
                    };
            return new Change(breaking, place, (what + " added").strip());
        }

        Change changedTo(Fact now) {
            boolean breaking = true;
            if (LIMITS.stream().anyMatch(what::startsWith)) {
                boolean wider = Double.parseDouble(now.value) > Double.parseDouble(value) ^ isLowerLimit();
                breaking = wider ^ request;
            }
            return new Change(breaking, place, what + " is " + now.value + ", was " + value);
        }

        private boolean isLowerLimit() {
            return what.startsWith("min") || what.startsWith("exclusiveMin");
        }
    }

    private static final List<String> LIMITS = List.of("max", "min", "exclusiveM");
    private static final Set<String> SAY_NOTHING_OF_VALUES =
            Set.of("title", "description", "example", "examples", "externalDocs", "deprecated", "$comment");
    private static final Set<String> READ_APART =
            Set.of("type", "enum", "properties", "required", "items", "additionalProperties");

    private final Contract contract;
    private final Map<String, Fact> facts = new LinkedHashMap<>();
    private final Deque<String> within = new ArrayDeque<>();

    private ContractChanges(Contract contract) {
        this.contract = contract;
        contract.operations().forEach(this::operation);
    }

    /** The changes are in the order of the older contract. */
    static List<Change> between(Contract before, Contract after) {
        Map<String, Fact> was = new ContractChanges(before).facts;
        Map<String, Fact> is = new ContractChanges(after).facts;
        Set<String> all = new LinkedHashSet<>(was.keySet());
        all.addAll(is.keySet());
        List<Change> changes = new ArrayList<>();
        for (String key : all) {
            Fact old = was.get(key);
            Fact now = is.get(key);
            if (now == null && isThere(old, is)) {
                changes.add(old.removed());
            } else if (old == null && isThere(now, was)) {
                changes.add(now.added());
            } else if (old != null && now != null && !old.value().equals(now.value())) {
                changes.add(old.changedTo(now));
            }
        }
        return changes;
    }

    private static boolean isThere(Fact fact, Map<String, Fact> contract) {
        return fact.owner().isEmpty() || contract.containsKey(fact.owner());
    }

    private void operation(Operation operation) {
        String place = operation.toString();
        JsonNode definition = operation.definition();
        say(Kind.PLACE, true, "", place, "", "");
        say(
                Kind.NAME,
                true,
                place,
                place,
                "operationId",
                definition.path("operationId").asText());
        say(Kind.NAME, true, place, place, "tag", definition.at("/tags/0").asText());
        operation.roles().ifPresent(roles -> {
            say(Kind.RULE, true, place, place, "security", "");
            roles.forEach(role -> say(Kind.CHOICE, true, place + " security", place, "role " + role, ""));
        });
        for (String in : List.of("path", "query", "header")) {
            for (JsonNode parameter : operation.parameters(in)) {
                // Names of headers are the same in any case.
                String name = parameter.path("name").asText();
                String at = place + ", " + in + " " + (in.equals("header") ? name.toLowerCase() : name);
                part(true, place, at, parameter);
                schema(true, at, parameter.path("schema"));
            }
        }
        JsonNode body = contract.resolve(definition.path("requestBody"));
        if (!body.isMissingNode()) {
            part(true, place, place + ", body", body);
            content(true, place + ", body", body);
        }
        operation.responses().forEach((status, response) -> {
            String at = place + ", " + status;
            part(false, place, at, response);
            response.path("headers").properties().forEach(entry -> {
                JsonNode header = contract.resolve(entry.getValue());
                part(false, at, at + ", header " + entry.getKey(), header);
                schema(false, at + ", header " + entry.getKey(), header.path("schema"));
            });
            content(false, at, response);
        });
    }

    private void part(boolean request, String owner, String place, JsonNode part) {
        say(Kind.PLACE, request, owner, place, "", "");
        if (part.path("required").asBoolean()) {
            say(Kind.REQUIRED, request, owner, place, "required", "");
        }
    }

    private void content(boolean request, String owner, JsonNode content) {
        content.path("content").properties().forEach(type -> {
            String place = owner + ", " + type.getKey();
            say(Kind.PLACE, request, owner, place, "", "");
            schema(request, place, type.getValue().path("schema"));
        });
    }

    private void schema(boolean request, String place, JsonNode reference) {
        String name = Contract.name(reference).orElse("");
        JsonNode schema = contract.resolve(reference);
        if (!name.isEmpty() && (schema.has("properties") || schema.has("enum"))) {
            say(Kind.NAME, request, place, place, "schema", name);
        }
        // Schemas may hold themselves.
        if (!name.isEmpty() && within.contains(name)) {
            return;
        }
        within.push(name);
        choices(request, place, "type", schema.path("type"));
        choices(request, place, "enum", schema.path("enum"));
        schema.path("required")
                .forEach(property ->
                        say(Kind.REQUIRED, request, place, place + " ." + property.asText(), "required", ""));
        schema.path("properties").properties().forEach(property -> {
            String at = place + " ." + property.getKey();
            say(Kind.PLACE, request, place, at, "", "");
            schema(request, at, property.getValue());
        });
        if (schema.has("items")) {
            schema(request, place + "[]", schema.path("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            schema(request, place + " .*", schema.path("additionalProperties"));
        } else if (schema.has("additionalProperties")
                && !schema.path("additionalProperties").asBoolean()) {
            say(Kind.RULE, request, place, place, "no other properties", "");
        }
        schema.properties().stream()
                .filter(keyword -> !READ_APART.contains(keyword.getKey())
                        && !SAY_NOTHING_OF_VALUES.contains(keyword.getKey())
                        && !keyword.getKey().startsWith("x-")
                        && (request || !keyword.getKey().equals("default")))
                .forEach(keyword -> say(
                        Kind.RULE,
                        request,
                        place,
                        place,
                        keyword.getKey(),
                        keyword.getValue().asText(keyword.getValue().toString())));
        within.pop();
    }

    private void choices(boolean request, String place, String what, JsonNode choices) {
        if (!choices.isMissingNode()) {
            say(Kind.RULE, request, place, place, what, "");
            List<JsonNode> all = new ArrayList<>();
            (choices.isArray() ? choices : List.of(choices)).forEach(all::add);
            all.forEach(
                    choice -> say(Kind.CHOICE, request, place + " " + what, place, what + " " + choice.asText(), ""));
        }
    }

    private void say(Kind kind, boolean request, String owner, String place, String what, String value) {
        facts.put((place + " " + what).strip(), new Fact(kind, request, owner, place, what, value));
    }
}
