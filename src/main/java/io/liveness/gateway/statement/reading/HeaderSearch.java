package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import java.util.Iterator;

/** Looks for the header of a file behind its letterhead. */
public final class HeaderSearch {

    /** As many rows may be above the header. */
    static final int MOST_ROWS = 50;

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
        throw none(closest);
    }

    private static ProblemException none(Header.Attempt closest) {
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
                        + String.join(", ", closest.missing()));
    }
}
