package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.StatedStatus;
import io.liveness.gateway.statement.reading.Reading.Totals;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the rows of a statement one after the other, from any kind of file. */
public final class StatementReader {

    private final Mapping mapping;
    private final int maxLines;
    private int lines;
    private long sum;
    private long charged;
    private Instant first;
    private Instant last;
    private Totals stated;

    /** @param maxLines a file of more is refused */
    public StatementReader(Mapping mapping, int maxLines) {
        this.mapping = mapping;
        this.maxLines = maxLines;
    }

    /**
     * Reads a file once.
     *
     * @param each is given every line in turn, those that cannot be read too
     * @throws ProblemException when the file is of no use as a whole: it names the line
     */
    public Reading read(Iterator<RawRow> rows, Consumer<Line> each) {
        Header header = HeaderSearch.in(rows, mapping);
        LineReader reader = new LineReader(mapping, header);
        TotalsRow totals = new TotalsRow(mapping, header, reader);
        while (rows.hasNext()) {
            RawRow row = rows.next();
            switch (totals.kind(row)) {
                case TOTALS -> stated = totals.totals(row);
                case LINE -> {
                    // Behind the totals there may be a footer.
                    if (stated == null || header.isFilledBy(row)) {
                        each.accept(counted(reader.read(row)));
                    }
                }
                case PASSED_OVER -> {
                    // It is none of the lines.
                }
            }
        }
        return new Reading(
                lines,
                sum,
                charged,
                Optional.ofNullable(first),
                Optional.ofNullable(last),
                Optional.ofNullable(stated));
    }

    private Line counted(Line line) {
        lines++;
        if (lines > maxLines) {
            throw ProblemException.invalid(
                    "line " + line.number(), "exceeds the limit: a statement has at most " + maxLines + " lines");
        }
        if (line.problem().isEmpty()) {
            long amount = line.amount().orElseThrow();
            Instant at = line.at().orElseThrow();
            sum = plus(sum, amount, line);
            charged += line.status().orElseThrow() == StatedStatus.CHARGED ? amount : 0;
            first = first == null || at.isBefore(first) ? at : first;
            last = last == null || at.isAfter(last) ? at : last;
        }
        return line;
    }

    private static long plus(long sum, long amount, Line line) {
        try {
            return Math.addExact(sum, amount);
        } catch (ArithmeticException e) {
            throw ProblemException.invalid(
                    "line " + line.number(), "exceeds the limit: the sum of the lines is too large");
        }
    }
}
