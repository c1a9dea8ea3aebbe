package io.liveness.gateway.plans;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a plan of the service must be like, whatever the tables hold and whatever PostgreSQL knows of them: it finds rows by an
 * index or in a table of one row, and it is estimated to be cheap.
 *
 * @param oneRowTables which need no index
 * @param highestCost that PostgreSQL may estimate
 */
record PlanRule(Set<String> oneRowTables, double highestCost) {

    /**
     * A tenth of {@code jit_above_cost}, from which on PostgreSQL compiles a statement at each execution, where JIT is on. A
     * look-up by an index costs about 8, so there is room for the largest batch, which is of 1000 sessions.
     */
    static final double HIGHEST_COST = 10_000;

    /** Below a limit only as many rows are read as it wants, as long as nothing in between has to see all of them. */
    private static final Set<String> PASSES_ROWS_ON =
            Set.of("LockRows", "Result", "Subquery Scan", "ProjectSet", "Append", "Merge Append");

    private static final Set<String> INDEX_SCANS = Set.of("Index Scan", "Index Only Scan", "Bitmap Index Scan");
    private static final Set<String> JOINS_OF_WHOLE_SETS = Set.of("Hash Join", "Merge Join");
    private static final Pattern BY_ID = Pattern.compile("\\b(session_)?id\\)? = ");

    /**
     * @param anyValues the plan is one for any values: of a limit that it does not know, its own or that of the ids it reads, PostgreSQL
     *     assumes a tenth of all rows, so that its estimate says nothing
     * @return what is wrong with it, in a sentence each
     */
    List<String> brokenBy(JsonNode plan, boolean anyValues) {
        List<String> broken = new ArrayList<>();
        double cost = plan.path("Total Cost").asDouble();
        boolean unknownLimit = anyValues
                && (isLimit(plan)
                        || childrenOf(plan).stream().anyMatch(child -> isPlanOfItsOwn(child) && isLimit(child)));
        if (cost > highestCost && !unknownLimit) {
            broken.add("costs %.0f, more than %.0f".formatted(cost, highestCost));
        }
        look(plan, false, broken);
        return broken;
    }

    private static boolean isLimit(JsonNode node) {
        return node.path("Node Type").asText().equals("Limit");
    }

    private void look(JsonNode node, boolean limited, List<String> broken) {
        String type = node.path("Node Type").asText();
        String table = node.path("Relation Name").asText();
        if (type.equals("Seq Scan") && !oneRowTables.contains(table)) {
            broken.add("reads the whole table " + table);
        }
        if (INDEX_SCANS.contains(type) && !node.has("Index Cond") && !limited && !oneRowTables.contains(table)) {
            broken.add("reads the whole index " + node.path("Index Name").asText());
        }
        if (!table.isEmpty() && filtersById(node)) {
            broken.add("reads " + table + " and throws away rows with other ids: "
                    + node.path("Filter").asText());
        }
        if (JOINS_OF_WHOLE_SETS.contains(type)
                || BY_ID.matcher(node.path("Join Filter").asText()).find()) {
            childrenOf(node).stream()
                    .flatMap(child -> tablesReadWhole(child).stream())
                    .forEach(read -> broken.add("joins " + read + " by a " + type + ", not by the key"));
        }
        boolean first = true;
        for (JsonNode child : childrenOf(node)) {
            look(child, staysLimited(type, limited, child, first), broken);
            first = false;
        }
    }

    private static boolean staysLimited(String type, boolean limited, JsonNode child, boolean first) {
        if (isPlanOfItsOwn(child)) {
            return false;
        }
        return type.equals("Limit")
                || limited && (PASSES_ROWS_ON.contains(type) || type.equals("Nested Loop") && first);
    }

    /** The filter is allowed when the index has found the few rows of one session, as a session's events are. */
    private static boolean filtersById(JsonNode scan) {
        return BY_ID.matcher(scan.path("Filter").asText()).find() && !findsByIds(scan);
    }

    /** The index finds each row by its key, as many rows as were asked for. */
    private static boolean findsByIds(JsonNode scan) {
        String index = scan.path("Index Cond").asText()
                + scan.path("Plans").path(0).path("Index Cond").asText();
        return BY_ID.matcher(index).find();
    }

    /** Tables whose rows go into a join as they are read. */
    private List<String> tablesReadWhole(JsonNode node) {
        if (isPlanOfItsOwn(node) || node.path("Node Type").asText().equals("Limit")) {
            return List.of();
        }
        List<String> tables = new ArrayList<>();
        String table = node.path("Relation Name").asText();
        if (!table.isEmpty() && !oneRowTables.contains(table) && !findsByIds(node)) {
            tables.add(table);
        }
        childrenOf(node).forEach(child -> tables.addAll(tablesReadWhole(child)));
        return tables;
    }

    /** A part of a {@code with} query, or a subquery in an expression. */
    private static boolean isPlanOfItsOwn(JsonNode node) {
        String relationship = node.path("Parent Relationship").asText();
        return relationship.equals("InitPlan") || relationship.equals("SubPlan");
    }

    private static List<JsonNode> childrenOf(JsonNode node) {
        List<JsonNode> children = new ArrayList<>();
        node.path("Plans").forEach(children::add);
        return children;
    }
}
