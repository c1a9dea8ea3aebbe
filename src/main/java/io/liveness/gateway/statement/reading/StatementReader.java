package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.Mapping.StatedStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the rows of a statement one after the other, from any kind of file. */
public final class StatementReader {

    /**
     * A line of a statement.
     *
     * @param number of the file, from 1
     * @param amount in the units of {@link io.liveness.gateway.ledger.Money}
     * @param problem why the line cannot be read, with the column; the readable fields are set
     */
    public record Line(
            int number,
            Optional<String> taskNo,
            Optional<Instant> at,
            Optional<StatedStatus> status,
            Optional<Long> amount,
            Optional<String> problem) {}

    /**
     * The totals of what was read of a statement.
     *
     * @param lines read or not readable
     * @param sum of the lines that could be read, in the units of {@link io.liveness.gateway.ledger.Money}
     * @param charged of the lines that are charges
     * @param first time of a line; empty when none could be read
     * @param stated the totals that the file states
     */
    public record Reading(
            int lines,
            long sum,
            long charged,
            Optional<Instant> first,
            Optional<Instant> last,
            Optional<Totals> stated) {

        /** Totals in a row of the file; either may be missing. */
        public record Totals(int line, Optional<Integer> lines, Optional<Long> sum) {}
    }

    private final Mapping mapping;
    private final int maxLines;
    private int lines;
    private long sum;
    private long charged;
    private Instant first;
    private Instant last;

    /**
     * The first lines of a file, as it has them and as they are read.
     *
     * @param header line of the header
     */
    public record Preview(int header, List<ReadRow> rows) {}

    /** A row, and the line that it is. */
    public record ReadRow(RawRow row, Line line) {}

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

    /**
     * Reads no more than it shows.
     *
     * @throws ProblemException when there is no header
     */
    public static Preview preview(Iterator<RawRow> rows, Mapping mapping, int lines) {
        Header header = Header.in(rows, mapping);
        LineReader reader = new LineReader(mapping, header);
        List<ReadRow> read = new ArrayList<>();
        while (read.size() < lines && rows.hasNext()) {
            RawRow row = rows.next();
            reader.read(row).ifPresent(line -> read.add(new ReadRow(row, line)));
        }
        return new Preview(header.line(), read);
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
