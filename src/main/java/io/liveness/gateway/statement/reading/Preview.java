package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The first lines of a file, as it has them and as they are read.
 *
 * @param header line of the header
 */
public record Preview(int header, List<Entry> entries) {

    /** A row, and the line that it is. */
    public record Entry(RawRow row, Line line) {}

    /**
     * Reads no more than it shows.
     *
     * @throws ProblemException when there is no header
     */
    public static Preview of(Iterator<RawRow> rows, Mapping mapping, int lines) {
        Header header = HeaderSearch.in(rows, mapping);
        LineReader reader = new LineReader(mapping, header);
        TotalsRow totals = new TotalsRow(mapping, header, reader);
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < lines && rows.hasNext()) {
            RawRow row = rows.next();
            if (totals.kind(row) == TotalsRow.Kind.LINE) {
                entries.add(new Entry(row, reader.read(row)));
            }
        }
        return new Preview(header.line(), entries);
    }
}
