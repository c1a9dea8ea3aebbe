package io.liveness.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.liveness.gateway.contract.SchemaChanges.Direction;
import io.liveness.gateway.testsupport.contract.Contract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What changed between two contracts, for the clients that are made from them.
 *
 * <p>Our own, because openapi-diff 2.1.7 does not see these in an OpenAPI 3.1 file: a changed type, a type list that now
 * allows null, a value removed from an enum of array items, another role asked for; and it takes a removed property for
 * compatible.
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

    private static final Predicate<JsonNode> IS_REQUIRED =
            node -> node.path("required").asBoolean();

    private final Contract before;
    private final Contract after;
    private final List<Change> changes = new ArrayList<>();

    private ContractChanges(Contract before, Contract after) {
        this.before = before;
        this.after = after;
    }

    /** Each once, in the order of the older contract. */
    static List<Change> between(Contract before, Contract after) {
        ContractChanges comparison = new ContractChanges(before, after);
        comparison.operations();
        return List.copyOf(new LinkedHashSet<>(comparison.changes));
    }

    private void operations() {
        each("", new Members(definitions(before), definitions(after)), added -> false, this::operation);
    }

    private interface Both {
        void compare(String place, JsonNode was, JsonNode is);
    }

    /** Compares what is in both. What is in one alone is a change. */
    private void each(String prefix, Members members, Predicate<JsonNode> breaksWhenAdded, Both both) {
        members.each((name, was, is) -> {
            String place = prefix + name;
            if (is.isMissingNode()) {
                breaks(place, "removed");
            } else if (was.isMissingNode()) {
                boolean breaking = breaksWhenAdded.test(is);
                changes.add(new Change(breaking, place, breaking ? "added, and required" : "added"));
            } else {
                both.compare(place, was, is);
            }
        });
    }

    private static Map<String, JsonNode> definitions(Contract contract) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        contract.operations().forEach(operation -> byName.put(operation.toString(), operation.definition()));
        return byName;
    }

    private void operation(String place, JsonNode was, JsonNode is) {
        if (!was.path("operationId").equals(is.path("operationId"))) {
            breaks(place, "operationId changed, the method of generated clients");
        }
        if (!was.path("tags").path(0).equals(is.path("tags").path(0))) {
            breaks(place, "first tag changed, the class of generated clients");
        }
        if (is.path("deprecated").asBoolean() && !was.path("deprecated").asBoolean()) {
            adds(place, "deprecated");
        }
        security(place, was.path("security"), is.path("security"));
        String within = place + ", ";
        each(within, new Members(parameters(before, was), parameters(after, is)), IS_REQUIRED, (name, old, now) -> {
            required(name, old, now);
            schema(name, Direction.REQUEST, old.path("schema"), now.path("schema"));
        });
        each(within, new Members(body(before, was), body(after, is)), IS_REQUIRED, (name, old, now) -> {
            required(name, old, now);
            content(name, Direction.REQUEST, old, now);
        });
        each(within, resolved("responses", was, is), added -> false, this::response);
    }

    private void response(String place, JsonNode was, JsonNode is) {
        each(place + ", header ", resolved("headers", was, is), added -> false, (name, old, now) -> {
            if (IS_REQUIRED.test(old) && !IS_REQUIRED.test(now)) {
                breaks(name, "may be missing now");
            }
            schema(name, Direction.RESPONSE, old.path("schema"), now.path("schema"));
        });
        content(place, Direction.RESPONSE, was, is);
    }

    private void content(String parent, Direction direction, JsonNode was, JsonNode is) {
        each(
                parent + ", ",
                resolved("content", was, is),
                added -> false,
                (mediaType, old, now) -> schema(parent, direction, old.path("schema"), now.path("schema")));
    }

    private Members resolved(String field, JsonNode was, JsonNode is) {
        return new Members(resolved(before, was.path(field)), resolved(after, is.path(field)));
    }

    private static Map<String, JsonNode> resolved(Contract contract, JsonNode object) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), contract.resolve(member.getValue())));
        return members;
    }

    private static Map<String, JsonNode> body(Contract contract, JsonNode operation) {
        JsonNode body = contract.resolve(operation.path("requestBody"));
        return body.isMissingNode() ? Map.of() : Map.of("body", body);
    }

    /** A caller that satisfied one of the old alternatives has to satisfy one of the new ones. */
    private void security(String place, JsonNode was, JsonNode is) {
        if (was.equals(is)) {
            return;
        }
        boolean open = is.isMissingNode() || is.isEmpty();
        boolean wasOpen = was.isMissingNode() || was.isEmpty();
        boolean stillSatisfied = open
                || !wasOpen
                        && stream(was)
                                .allMatch(old -> stream(is).anyMatch(alternative -> asksForNoMore(alternative, old)));
        if (stillSatisfied) {
            adds(place, "asks for less security");
        } else {
            breaks(place, "asks for other security: " + is + ", was " + was);
        }
    }

    private static boolean asksForNoMore(JsonNode alternative, JsonNode old) {
        return alternative.properties().stream()
                .allMatch(scheme -> old.has(scheme.getKey())
                        && texts(old.get(scheme.getKey())).containsAll(texts(scheme.getValue())));
    }

    private static Map<String, JsonNode> parameters(Contract contract, JsonNode operation) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode whole = contract.resolve(parameter);
            String in = whole.path("in").asText();
            String name = whole.path("name").asText();
            // Names of headers are the same in any case.
            byName.put(in + " " + (in.equals("header") ? name.toLowerCase(Locale.ROOT) : name), whole);
        }
        return byName;
    }

    private void schema(String place, Direction direction, JsonNode was, JsonNode is) {
        new SchemaChanges(before, after, direction, changes).compare(place, was, is);
    }

    private void required(String place, JsonNode was, JsonNode is) {
        if (IS_REQUIRED.test(is) && !IS_REQUIRED.test(was)) {
            breaks(place, "required now");
        } else if (IS_REQUIRED.test(was) && !IS_REQUIRED.test(is)) {
            adds(place, "optional now");
        }
    }

    private void breaks(String place, String what) {
        changes.add(new Change(true, place, what));
    }

    private void adds(String place, String what) {
        changes.add(new Change(false, place, what));
    }

    static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** The members of two objects by name, either of them missing in one. */
    record Members(Map<String, JsonNode> before, Map<String, JsonNode> after) {

        interface Visitor {
            void visit(String name, JsonNode was, JsonNode is);
        }

        Members(JsonNode before, JsonNode after) {
            this(members(before), members(after));
        }

        void each(Visitor visitor) {
            Set<String> names = new LinkedHashSet<>(before.keySet());
            names.addAll(after.keySet());
            names.forEach(name -> visitor.visit(
                    name,
                    before.getOrDefault(name, MissingNode.getInstance()),
                    after.getOrDefault(name, MissingNode.getInstance())));
        }

        private static Map<String, JsonNode> members(JsonNode node) {
            Map<String, JsonNode> members = new LinkedHashMap<>();
            node.properties().forEach(entry -> members.put(entry.getKey(), entry.getValue()));
            return members;
        }
    }
}
