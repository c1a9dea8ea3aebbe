package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.StatedStatus;
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
        LineReader reader = new LineReader(mapping, Header.in(rows, mapping));
        while (rows.hasNext()) {
            reader.read(rows.next()).map(this::counted).ifPresent(each);
        }
        return new Reading(lines, sum, charged, Optional.ofNullable(first), Optional.ofNullable(last), reader.stated());
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
