package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.Mapping.Field;
import io.liveness.gateway.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Where the columns of a mapping are in a file: in the first row that has them, behind a letterhead.
 *
 * @param line of the header
 * @param columns index by field
 * @param width how many columns the header has
 */
record Header(int line, Map<Field, Integer> columns, int width) {

    /** Rows of a file in which the header is sought. */
    static final int MOST_ROWS = 50;

    /** Columns of a bill that has the number of checks of a day, not each check. */
    private static final List<String> COUNTS = List.of("笔数", "次数", "数量", "调用量", "count", "quantity");

    /** What a row has of the columns that are sought. */
    private record HeaderRow(
            int line, Map<Field, Integer> found, List<String> missing, List<String> doubled, List<String> names) {

        static HeaderRow of(RawRow row, Mapping mapping) {
            List<String> names = row.cells().stream().map(RawRow::name).toList();
            Map<Field, Integer> found = new EnumMap<>(Field.class);
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
            return new HeaderRow(row.line(), found, missing, doubled, names);
        }

        boolean isHeader() {
            return missing.isEmpty() && doubled.isEmpty();
        }

        Header header() {
            int width = names.size();
            while (width > 0 && names.get(width - 1).isEmpty()) {
                width--;
            }
            return new Header(line, found, width);
        }
    }

    /** Whether the first rows have the header of the mapping. Reads rows up to it, or {@link #MOST_ROWS}. */
    static boolean isIn(Iterator<RawRow> rows, Mapping mapping) {
        for (int i = 0; i < MOST_ROWS && rows.hasNext(); i++) {
            if (HeaderRow.of(rows.next(), mapping).isHeader()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads rows up to the header, itself included.
     *
     * @throws ProblemException when there is none
     */
    static Header in(Iterator<RawRow> rows, Mapping mapping) {
        HeaderRow closest = null;
        for (int i = 0; i < MOST_ROWS && rows.hasNext(); i++) {
            HeaderRow attempt = HeaderRow.of(rows.next(), mapping);
            if (attempt.isHeader()) {
                return attempt.header();
            }
            if (closest == null || attempt.missing().size() < closest.missing().size()) {
                closest = attempt;
            }
        }
        throw none(closest, mapping.columns().taskNo());
    }

    private static ProblemException none(HeaderRow closest, String taskNo) {
        if (closest == null) {
            return ProblemException.invalid("line 1", "no-rows", "is missing: the file has no rows");
        }
        String line = "line " + closest.line();
        if (closest.missing().isEmpty()) {
            return ProblemException.invalid(
                    line,
                    "columns-twice",
                    Map.of("columns", String.join(", ", closest.doubled())),
                    "has these columns of the mapping twice: " + String.join(", ", closest.doubled()));
        }
        boolean ofTotals = closest.missing().contains(taskNo)
                && closest.names().stream().anyMatch(name -> COUNTS.stream().anyMatch(name::contains));
        return ProblemException.invalid(
                line,
                ofTotals ? "totals-alone" : "header-missing",
                Map.of("columns", String.join(", ", closest.missing()), "rows", String.valueOf(MOST_ROWS)),
                "none of the first " + MOST_ROWS + " rows is the header; this row comes closest, but lacks: "
                        + String.join(", ", closest.missing())
                        + (ofTotals
                                ? "; a bill of totals by day cannot be matched: ask the vendor for the list of its checks"
                                : ""));
    }

    /** Whether a row has the header once more, as on each page. */
    boolean isRepeatedBy(RawRow row, Mapping mapping) {
        return HeaderRow.of(row, mapping).isHeader();
    }

    /** Whether a row has something in every column that is sought. */
    boolean isFilledBy(RawRow row) {
        return columns.values().stream().noneMatch(index -> row.bareCell(index).isEmpty());
    }
}
