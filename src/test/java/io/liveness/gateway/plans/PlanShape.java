package io.liveness.gateway.plans;

import com.fasterxml.jackson.databind.JsonNode;

/** A plan without its figures, a line for each node. It must be the same for histories of different length. */
final class PlanShape {

    private PlanShape() {}

    static String of(JsonNode plan) {
        StringBuilder shape = new StringBuilder();
        add(plan, "  ", shape);
        return shape.toString();
    }

    private static void add(JsonNode node, String indent, StringBuilder shape) {
        shape.append(indent).append(node.path("Node Type").asText());
        for (String name :
                new String[] {"Relation Name", "Index Name", "CTE Name", "Index Cond", "Filter", "Join Filter"}) {
            if (node.has(name)) {
                shape.append(" | ").append(node.path(name).asText());
            }
        }
        shape.append('\n');
        node.path("Plans").forEach(child -> add(child, indent + "  ", shape));
    }
}
