package io.liveness.gateway.session;

import com.github.f4b6a3.uuid.UuidCreator;
import io.quarkus.panache.common.Sort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Where in an index a page of sessions lies: between two rows of the index's columns, whose last one is the id. A comparison
 * of whole rows leaves the planner no other way than along that index, whoever the caller is and wherever its sessions lie
 * in the history; with {@code caller = … and id < …} it may walk everybody's sessions instead.
 *
 * @param where in HQL
 * @param order the columns, each descending
 */
record ListPosition(String where, Sort order, Map<String, Object> parameters) {

    private static final UUID BEFORE_ALL = new UUID(0, 0);
    private static final UUID AFTER_ALL = new UUID(-1, -1);

    static ListPosition of(SessionFilter filter) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        List<String> columns = new ArrayList<>();
        filter.caller().ifPresent(caller -> {
            columns.add("caller");
            parameters.put("caller", caller);
        });
        String rest = "";
        if (filter.reference().isPresent()) {
            columns.add("reference");
            parameters.put("reference", filter.reference().get());
            // One reference has few sessions: their status is looked at one by one.
            rest = filter.status().isPresent()
                    ? " and reference is not null and statusName = :statusName"
                    : " and reference is not null";
        } else if (filter.status().isPresent()) {
            columns.add("statusName");
        }
        filter.status().ifPresent(status -> parameters.put("statusName", status.name()));
        columns.add("id");
        parameters.put("from", filter.createdFrom().map(ListPosition::firstIdAt).orElse(BEFORE_ALL));
        parameters.put(
                "before",
                earlier(
                        filter.createdTo().map(ListPosition::firstIdAt).orElse(AFTER_ALL),
                        filter.after().orElse(AFTER_ALL)));
        String row = "(" + String.join(", ", columns) + ")";
        return new ListPosition(
                row + " >= " + values(columns, ":from") + " and " + row + " < " + values(columns, ":before") + rest,
                Sort.descending(columns.toArray(String[]::new)),
                parameters);
    }

    private static String values(List<String> columns, String id) {
        return columns.stream()
                .map(column -> column.equals("id") ? id : ":" + column)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** Ids are UUIDv7: their order is the order of creation. */
    private static UUID firstIdAt(Instant time) {
        return UuidCreator.getTimeOrderedEpochMin(time);
    }

    private static UUID earlier(UUID one, UUID other) {
        // Not UUID.compareTo, which takes the halves as signed numbers.
        return one.toString().compareTo(other.toString()) <= 0 ? one : other;
    }
}
