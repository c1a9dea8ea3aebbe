package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.Mapping.Field;
import io.liveness.gateway.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the columns of a mapping are in a file: in the first row that has them, behind a letterhead.
 *
 * @param line of the header
 * @param columns index by field
 * @param width how many columns the header has
 * @param cells how many cells it has, empty ones behind the columns too
 */
record Header(int line, Map<Field, Integer> columns, int width, int cells) {

    /** Rows of a file in which the header is sought. */
    static final int MOST_ROWS = 50;

    /** Columns of a bill that has the number of checks of a day, not each check. */
    private static final List<String> COUNTS = List.of("笔数", "次数", "数量", "调用量", "count", "quantity");

    /** What a row has of the columns that are sought. */
    private record HeaderRow(
            RawRow row, Map<Field, Integer> found, List<String> missing, List<String> doubled, List<String> names) {

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
            return new HeaderRow(row, found, missing, doubled, names);
        }

        boolean isHeader() {
            return missing.isEmpty() && doubled.isEmpty();
        }

        Header header() {
            int width = names.size();
            while (width > 0 && names.get(width - 1).isEmpty()) {
                width--;
            }
            return new Header(row.line(), found, width, names.size());
        }

        /** Whether it has the names of two columns, or of three that are not the task number: no line has them. */
        boolean isLikeHeader() {
            return found.size() + doubled.size() >= (found.containsKey(Field.TASK_NO) ? 2 : 3);
        }
    }

    /** The header of the mapping in the first rows. Reads rows up to it, or {@link #MOST_ROWS}. */
    static Optional<Header> find(Iterator<RawRow> rows, Mapping mapping) {
        for (int i = 0; i < MOST_ROWS && rows.hasNext(); i++) {
            HeaderRow row = HeaderRow.of(rows.next(), mapping);
            if (row.isHeader()) {
                return Optional.of(row.header());
            }
        }
        return Optional.empty();
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
        String line = closest.row().place();
        if (closest.missing().isEmpty()) {
            return twice(closest);
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

    private static ProblemException twice(HeaderRow header) {
        String columns = String.join(", ", header.doubled());
        return ProblemException.invalid(
                header.row().place(),
                "columns-twice",
                Map.of("columns", columns),
                "has these columns of the mapping twice: " + columns);
    }

    /**
     * The header once more, as on each page, or that of another table: its columns may be in other places.
     *
     * @return empty when the row is no header
     * @throws ProblemException when it lacks columns: what is below it cannot be read by the header before
     */
    static Optional<Header> again(RawRow row, Mapping mapping) {
        HeaderRow header = HeaderRow.of(row, mapping);
        if (header.isHeader()) {
            return Optional.of(header.header());
        }
        if (!header.isLikeHeader()) {
            return Optional.empty();
        }
        if (header.missing().isEmpty()) {
            throw twice(header);
        }
        String columns = String.join(", ", header.missing());
        throw ProblemException.invalid(
                row.place(),
                "header-again",
                Map.of("columns", columns),
                "is the header of another table, and lacks: " + columns
                        + "; give it all columns of the mapping, or send that table in a file of its own");
    }

    /** Whether a row has something in every column that is sought. */
    boolean isFilledBy(RawRow row) {
        return columns.values().stream().noneMatch(index -> row.bareCell(index).isEmpty());
    }
}
