package io.liveness.gateway.statement.reading;

import io.liveness.gateway.statement.mapping.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the columns of a mapping are in a file.
 *
 * @param line of the header
 * @param columns index by field, see {@code Columns.byField}
 * @param width how many columns the header has
 */
record Header(int line, Map<String, Integer> columns, int width) {

    /** What a row has of the columns that are sought. */
    record Attempt(
            int line, Map<String, Integer> found, List<String> missing, List<String> doubled, List<String> names) {

        boolean isHeader() {
            return missing.isEmpty() && doubled.isEmpty();
        }
    }

    static Attempt attempt(RawRow row, Mapping mapping) {
        List<String> names = row.cells().stream().map(RawRow::name).toList();
        Map<String, Integer> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> doubled = new ArrayList<>();
        mapping.columns().byField().forEach((field, column) -> {
            String name = RawRow.name(column);
            int index = names.indexOf(name);
            if (index < 0) {
                missing.add(column);
            } else if (names.lastIndexOf(name) != index) {
                doubled.add(column);
            } else {
                found.put(field, index);
            }
        });
        return new Attempt(row.line(), found, missing, doubled, names);
    }

    /** Whether a row has something in every column that is sought. */
    boolean isFilledBy(RawRow row) {
        return columns.values().stream().noneMatch(index -> row.cell(index).isEmpty());
    }

    static Header of(Attempt attempt, RawRow row) {
        int width = row.cells().size();
        while (width > 0 && row.cells().get(width - 1).isBlank()) {
            width--;
        }
        return new Header(attempt.line(), attempt.found(), width);
    }
}
