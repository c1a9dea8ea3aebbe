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
        Header header = Header.in(rows, mapping);
        LineReader reader = new LineReader(mapping, header);
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < lines && rows.hasNext()) {
            RawRow row = rows.next();
            reader.read(row).ifPresent(line -> entries.add(new Entry(row, line)));
        }
        return new Preview(header.line(), entries);
    }
}
