package io.liveness.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.liveness.gateway.contract.ContractChanges.Change;
import io.liveness.gateway.contract.ContractChanges.Members;
import io.liveness.gateway.testsupport.contract.Contract;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Changes between two schemas, for values in one direction. */
final class SchemaChanges {

    /** The direction of a value decides which change breaks clients: the service may accept more than before, and return less. */
    enum Direction {
        REQUEST,
        RESPONSE;

        boolean breaksWhenNarrowed() {
            return this == REQUEST;
        }
    }

    private static final Set<String> UPPER_BOUNDS =
            Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    private static final Set<String> LOWER_BOUNDS =
            Set.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final Set<String> COMPARED_APART =
            Set.of("type", "enum", "properties", "required", "items", "additionalProperties", "pattern");
    private static final Set<String> SAY_NOTHING_OF_VALUES =
            Set.of("title", "description", "example", "examples", "externalDocs", "deprecated", "$comment");

    private final Contract before;
    private final Contract after;
    private final Direction direction;
    private final List<Change> changes;
    private final Set<String> compared = new HashSet<>();

    /** @param changes where they are added */
    SchemaChanges(Contract before, Contract after, Direction direction, List<Change> changes) {
        this.before = before;
        this.after = after;
        this.direction = direction;
        this.changes = changes;
    }

    void compare(String place, JsonNode was, JsonNode is) {
        Optional<String> oldName = Contract.name(was);
        Optional<String> newName = Contract.name(is);
        // Schemas may hold themselves.
        if (oldName.isPresent()
                && newName.isPresent()
                && !compared.add(oldName.get() + " " + newName.get() + was + is)) {
            return;
        }
        JsonNode old = before.resolve(was);
        JsonNode now = after.resolve(is);
        if (!oldName.equals(newName) && (isClass(old) || isClass(now))) {
            breaks(
                    place,
                    "schema is called " + newName.orElse("nothing") + ", was " + oldName.orElse("nothing")
                            + ", the class of generated clients");
        }
        types(place, old.path("type"), now.path("type"));
        values(place, old.path("enum"), now.path("enum"));
        pattern(place, old.path("pattern"), now.path("pattern"));
        properties(place, old, now);
        additionalProperties(place, old.path("additionalProperties"), now.path("additionalProperties"));
        if (old.has("items") || now.has("items")) {
            compare(place + "[]", old.path("items"), now.path("items"));
        }
        new Members(old, now).each((keyword, oldValue, newValue) -> keyword(place, keyword, oldValue, newValue));
    }

    /** Clients have a separate class for it. */
    private static boolean isClass(JsonNode schema) {
        return schema.has("properties") || schema.has("enum");
    }

    private void types(String place, JsonNode was, JsonNode is) {
        Set<String> old = oneOrMore(was);
        Set<String> now = oneOrMore(is);
        if (!old.equals(now)) {
            allowed(place, "type", was.isMissingNode(), old, is.isMissingNode(), now);
        }
    }

    private static Set<String> oneOrMore(JsonNode type) {
        return type.isTextual() ? Set.of(type.asText()) : ContractChanges.texts(type);
    }

    private void values(String place, JsonNode was, JsonNode is) {
        Set<String> old = ContractChanges.texts(was);
        Set<String> now = ContractChanges.texts(is);
        if (!old.equals(now)) {
            allowed(place, "enum", was.isMissingNode(), old, is.isMissingNode(), now);
        }
    }

    /** A set that allows everything when it is missing. */
    private void allowed(
            String place, String what, boolean anyBefore, Set<String> was, boolean anyNow, Set<String> is) {
        boolean wider = anyNow || !anyBefore && is.containsAll(was);
        boolean narrower = anyBefore || !anyNow && was.containsAll(is);
        String difference = what + " is " + (anyNow ? "not said" : is) + ", was " + (anyBefore ? "not said" : was);
        rule(place, difference, wider, narrower);
    }

    private void pattern(String place, JsonNode was, JsonNode is) {
        if (!was.equals(is)) {
            rule(place, "pattern is " + shown(is) + ", was " + shown(was), is.isMissingNode(), was.isMissingNode());
        }
    }

    private void properties(String place, JsonNode was, JsonNode is) {
        Set<String> oldRequired = ContractChanges.texts(was.path("required"));
        Set<String> newRequired = ContractChanges.texts(is.path("required"));
        new Members(was.path("properties"), is.path("properties")).each((name, old, now) -> {
            String property = place + " ." + name;
            boolean requiredNow = newRequired.contains(name);
            if (now.isMissingNode()) {
                breaks(property, "removed");
            } else if (old.isMissingNode()) {
                boolean breaking = requiredNow && direction == Direction.REQUEST;
                changes.add(new Change(breaking, property, breaking ? "added, and required" : "added"));
            } else {
                if (requiredNow != oldRequired.contains(name)) {
                    rule(property, requiredNow ? "required now" : "optional now", !requiredNow, requiredNow);
                }
                compare(property, old, now);
            }
        });
    }

    private void additionalProperties(String place, JsonNode was, JsonNode is) {
        if (was.isObject() && is.isObject()) {
            compare(place + " .*", was, is);
        } else if (!was.equals(is) && openness(was) != openness(is)) {
            boolean wider = openness(is) > openness(was);
            rule(place, "additionalProperties is " + shown(is) + ", was " + shown(was), wider, !wider);
        }
    }

    private static int openness(JsonNode additionalProperties) {
        if (additionalProperties.equals(BooleanNode.FALSE)) {
            return 0;
        }
        return additionalProperties.isObject() && !additionalProperties.isEmpty() ? 1 : 2;
    }

    private void keyword(String place, String keyword, JsonNode was, JsonNode is) {
        if (was.equals(is)
                || COMPARED_APART.contains(keyword)
                || SAY_NOTHING_OF_VALUES.contains(keyword)
                || keyword.startsWith("x-")) {
            return;
        }
        String difference = keyword + " is " + shown(is) + ", was " + shown(was);
        if (UPPER_BOUNDS.contains(keyword)) {
            boolean wider = is.isMissingNode() || !was.isMissingNode() && is.asDouble() > was.asDouble();
            rule(place, difference, wider, !wider);
        } else if (LOWER_BOUNDS.contains(keyword)) {
            boolean wider = is.isMissingNode() || !was.isMissingNode() && is.asDouble() < was.asDouble();
            rule(place, difference, wider, !wider);
        } else if (keyword.equals("default") && direction == Direction.RESPONSE) {
            return;
        } else {
            // Unknown changes are reported too.
            breaks(place, difference);
        }
    }

    /** Of a rule that changed; neither wider nor narrower is both. */
    private void rule(String place, String difference, boolean wider, boolean narrower) {
        boolean harmless = direction.breaksWhenNarrowed() ? wider : narrower;
        changes.add(new Change(!harmless, place, difference));
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "not said" : value.toString();
    }

    private void breaks(String place, String what) {
        changes.add(new Change(true, place, what));
    }
}
