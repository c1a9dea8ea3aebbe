package io.liveness.gateway.session.unsettled;

import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.Map;

/**
 * The sessions that have no end yet.
 *
 * @param counts how many there are; a group without any is absent
 * @param endingSoon how many have a token that ends within five minutes
 * @param leaseOverdue seconds since the end of the lease that ran out first; 0 when none has
 */
record Unsettled(Map<Group, Integer> counts, int endingSoon, double leaseOverdue) {

    record Group(String status, Age age) {}

    static Unsettled of(Iterable<Row> rows) {
        Map<Group, Integer> counts = new HashMap<>();
        int endingSoon = 0;
        double leaseOverdue = 0;
        for (Row row : rows) {
            counts.put(
                    new Group(row.getString("status"), Age.values()[row.getInteger("age")]),
                    row.getInteger("sessions"));
            endingSoon += row.getInteger("ending_soon");
            leaseOverdue = Math.max(leaseOverdue, row.getDouble("lease_overdue"));
        }
        return new Unsettled(counts, endingSoon, leaseOverdue);
    }

    int count(Group group) {
        return counts.getOrDefault(group, 0);
    }
}
