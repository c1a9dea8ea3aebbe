package io.liveness.gateway.finance.summary;

import java.util.Arrays;
import java.util.Optional;

/** What fees are summed by. */
enum Grouping {
    DAY("day"),
    MONTH("month"),
    CALLER("caller"),
    COST_CENTRE("costCentre"),
    STATUS("status");

    private final String label;

    Grouping(String label) {
        this.label = label;
    }

    /** As the query has it. */
    String label() {
        return label;
    }

    boolean isOfTime() {
        return this == DAY || this == MONTH;
    }

    static Optional<Grouping> of(String label) {
        return Arrays.stream(values())
                .filter(grouping -> grouping.label.equals(label))
                .findFirst();
    }
}
