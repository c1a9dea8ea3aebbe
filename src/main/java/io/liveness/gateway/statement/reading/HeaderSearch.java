package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import java.util.Iterator;
import java.util.List;

/** Looks for the header of a file behind its letterhead. */
public final class HeaderSearch {

    /** As many rows may be above the header. */
    static final int MOST_ROWS = 50;

    /** Columns of a bill that has the number of checks of a day, not each check. */
    private static final List<String> COUNTS = List.of("笔数", "次数", "数量", "调用量", "count", "quantity");

    private HeaderSearch() {}

    /** Whether there is one. Reads rows up to it, or as many as may be above it. */
    public static boolean isIn(Iterator<RawRow> rows, Mapping mapping) {
        try {
            in(rows, mapping);
            return true;
        } catch (ProblemException none) {
            return false;
        }
    }

    /**
     * Reads rows up to the header, itself included.
     *
     * @throws ProblemException when there is none
     */
    static Header in(Iterator<RawRow> rows, Mapping mapping) {
        Header.Attempt closest = null;
        for (int i = 0; i < MOST_ROWS && rows.hasNext(); i++) {
            RawRow row = rows.next();
            Header.Attempt attempt = Header.attempt(row, mapping);
            if (attempt.isHeader()) {
                return Header.of(attempt, row);
            }
            if (closest == null || attempt.missing().size() < closest.missing().size()) {
                closest = attempt;
            }
        }
        throw none(closest, mapping.columns().taskNo());
    }

    private static ProblemException none(Header.Attempt closest, String taskNo) {
        if (closest == null) {
            return ProblemException.invalid("line 1", "is missing: the file has no rows");
        }
        String line = "line " + closest.line();
        if (closest.missing().isEmpty()) {
            return ProblemException.invalid(
                    line, "has these columns of the mapping twice: " + String.join(", ", closest.doubled()));
        }
        return ProblemException.invalid(
                line,
                "none of the first " + MOST_ROWS + " rows is the header; this row comes closest, but lacks: "
                        + String.join(", ", closest.missing())
                        + (isOfTotals(closest, taskNo)
                                ? "; a bill of totals by day cannot be matched: ask the vendor for the list of its checks"
                                : ""));
    }

    private static boolean isOfTotals(Header.Attempt closest, String taskNo) {
        return closest.missing().contains(taskNo)
                && closest.names().stream().anyMatch(name -> COUNTS.stream().anyMatch(name::contains));
    }
}
