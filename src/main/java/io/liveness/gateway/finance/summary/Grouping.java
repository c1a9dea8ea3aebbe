package io.liveness.gateway.finance.summary;

import java.util.Arrays;
import java.util.Optional;

/** What fees are summed by. */
enum Grouping {
    DAY("day", 31),
    MONTH("month", 1),
    CALLER("caller", 1),
    COST_CENTRE("costCentre", 1),
    STATUS("status", 1);

    private final String label;
    private final int spansOfAMonth;

    Grouping(String label, int spansOfAMonth) {
        this.label = label;
        this.spansOfAMonth = spansOfAMonth;
    }

    /** As the query has it. */
    String label() {
        return label;
    }

    /** How many of its spans, see {@link Spans}, last a month at most together. */
    int spansOfAMonth() {
        return spansOfAMonth;
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
