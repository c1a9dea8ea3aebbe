package io.liveness.gateway.platform.postgres;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The conditions of a list, each with the values of its {@code ?}. An absent filter adds nothing. */
public final class Where {

    private final List<String> conditions = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    /** @param values as {@link Sql#prepare} takes them: one for each {@code ?} of the condition */
    public Where and(String condition, Object... values) {
        conditions.add(condition);
        Collections.addAll(this.values, values);
        return this;
    }

    /** Adds the condition if the filter is present, whose value stands for each {@code ?}. */
    public Where and(String condition, Optional<?> filter) {
        long marks = condition.chars().filter(mark -> mark == '?').count();
        filter.ifPresent(
                value -> and(condition, Collections.nCopies((int) marks, value).toArray()));
        return this;
    }

    List<Object> values() {
        return values;
    }

    /** The clause, {@code where …}; nothing without a condition. */
    @Override
    public String toString() {
        return conditions.isEmpty() ? "" : "where " + String.join("\n  and ", conditions);
    }
}
