package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.CellReader.Unreadable;
import io.liveness.gateway.bill.read.Mapping.Field;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.platform.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the rows of a statement one after the other, from any kind of file, below its header. A cell that cannot be read makes the line
 * unreadable; the others are read still. Some rows are no lines: that which states the file's totals, whose first cell begins with a word
 * of the mapping, and those that repeat the header, state a part of the totals (小计, or 合计 of a day or a page) or are a remark (#).
 */
public final class StatementReader {

    /**
     * A line of a statement.
     *
     * @param number of the file, from 1
     * @param amount in the units of {@link io.liveness.gateway.books.Money}
     * @param problem why the line cannot be read, with the column; the readable fields are set
     * @param cells of a line that cannot be read, for a person; empty for any other line, and behind the first ones of a bill
     */
    public record Line(
            int number,
            Optional<String> taskNo,
            Optional<Instant> at,
            Optional<StatedStatus> status,
            Optional<Long> amount,
            Optional<BillDetail> problem,
            List<String> cells) {

        /** A line without its cells. */
        public Line(
                int number,
                Optional<String> taskNo,
                Optional<Instant> at,
                Optional<StatedStatus> status,
                Optional<Long> amount,
                Optional<BillDetail> problem) {
            this(number, taskNo, at, status, amount, problem, List.of());
        }

        private Line with(List<String> cells) {
            return new Line(number, taskNo, at, status, amount, problem, cells);
        }
    }

    /**
     * The totals of what was read of a statement.
     *
     * @param lines read or not readable
     * @param sum of the lines that could be read, in the units of {@link io.liveness.gateway.books.Money}
     * @param charged of the lines that are charges
     * @param first time of a line; empty when none could be read
     * @param stated the totals that the file may state: of several rows the first one, the last one, and all together
     * @param unreadable line of the first row of totals whose sum cannot be read
     */
    public record Reading(
            int lines,
            long sum,
            long charged,
            Optional<Instant> first,
            Optional<Instant> last,
            List<Totals> stated,
            Optional<Integer> unreadable) {

        /** Totals in a row of the file; either may be missing. */
        public record Totals(int line, Optional<Integer> lines, Optional<Long> sum) {

            /** The totals of both, as of two pages. */
            Totals and(Totals next) {
                return new Totals(
                        next.line,
                        together(lines, next.lines, Math::addExact),
                        together(sum, next.sum, Math::addExact));
            }

            /** What is too large to be added is no total of this file. */
            private static <T> Optional<T> together(Optional<T> one, Optional<T> other, BinaryOperator<T> plus) {
                try {
                    return one.isPresent() && other.isPresent()
                            ? Optional.of(plus.apply(one.get(), other.get()))
                            : one.or(() -> other);
                } catch (ArithmeticException e) {
                    return one;
                }
            }
        }
    }

    /**
     * The first lines of a file, as it has them and as they are read.
     *
     * @param header line of the header
     */
    public record Preview(int header, List<ReadRow> rows) {}

    /** A row, and the line that it is. */
    public record ReadRow(RawRow row, Line line) {}

    private static final List<String> PARTS = List.of("小计", "subtotal");
    /** What the totals of a day or of a page end with: 2026-11-24 合计. */
    private static final List<String> ENDS = List.of("小计", "合计", "总计", "日计", "subtotal", "total");

    private static final String REMARK = "#";

    private static final int MOST_LINES_WITH_CELLS = 10_000;
    private static final int MOST_CELLS = 64;

    private static final Pattern COUNT = Pattern.compile("\\D{0,3}?(\\d{1,9})\\s?[笔条]?");

    private interface Read<T> {
        T of(String cell) throws Unreadable;
    }

    /** What a row below the header is. */
    enum RowKind {
        LINE,
        TOTALS,
        PASSED_OVER;

        /**
         * One that can be read is a line, whatever it begins with: the name of a product, say. So is one that fills the header's columns,
         * which totals do without a time and a task number. Behind the totals there may be a footer, or lines of the next page. #N/A is the
         * error of a formula, in a line.
         *
         * @param line what could be read of the row
         */
        static RowKind of(RawRow row, Line line, Header header, Mapping mapping, boolean behindTotals) {
            if (line.problem().isEmpty()) {
                return LINE;
            }
            String first = row.first();
            List<String> words = mapping.totalWords().stream().map(RawRow::name).toList();
            boolean isTotals = words.stream().anyMatch(first::startsWith);
            boolean isPart = PARTS.stream().anyMatch(first::startsWith);
            boolean isFilled = header.isFilledBy(row);
            if (isTotals || isPart) {
                boolean isWord = words.contains(first) || PARTS.contains(first);
                boolean isLine = isFilled
                        && (line.at().isPresent() || !isWord && line.taskNo().isPresent());
                return isLine ? LINE : isTotals ? TOTALS : PASSED_OVER;
            }
            return isFilled
                            || !isPart(row, header)
                                    && !first.startsWith(REMARK)
                                    && (!behindTotals || hasTwoFields(line, mapping))
                    ? LINE
                    : PASSED_OVER;
        }

        private static boolean hasTwoFields(Line line, Mapping mapping) {
            Optional<?> status = mapping.status() == null ? line.status() : Optional.empty();
            return Stream.of(line.taskNo(), line.at(), status, line.amount())
                            .filter(Optional::isPresent)
                            .count()
                    > 1;
        }

        private static boolean isPart(RawRow row, Header header) {
            String first = row.first();
            String number = RawRow.name(row.bareCell(header.columns().get(Field.TASK_NO)));
            if (number.isEmpty()) {
                return row.cells().stream().map(RawRow::name).anyMatch(cell -> endsAsPart(cell, first));
            }
            return number.equals(first) && endsAsPart(first, first);
        }

        /** A row that begins with nothing but such a word has the totals of the file, if it has any. */
        private static boolean endsAsPart(String cell, String first) {
            return ENDS.stream().anyMatch(end -> cell.endsWith(end) && !(cell.equals(first) && cell.equals(end)));
        }
    }

    private final Mapping mapping;
    private final CellReader cells;
    private Header header;
    private Map<Field, Integer> columns;
    /** Whether a row of totals is above, since the header. */
    private boolean behindTotals;

    private Reading.Totals firstTotals;
    private Reading.Totals lastTotals;
    private Reading.Totals allTotals;
    private Integer unreadableTotals;
    /** The first sign of an amount, and its line; 0 before one. */
    private int signOfAll;

    private int signedLine;
    private int lines;
    private int unreadable;
    private long sum;
    private long charged;
    private Instant earliest;
    private Instant latest;

    StatementReader(Mapping mapping, Header header) {
        this.mapping = mapping;
        this.cells = new CellReader(mapping);
        this.header = header;
        this.columns = header.columns();
    }

    /**
     * Reads a file once.
     *
     * @param maxLines a file of more is refused
     * @param each is given every line in turn, those that cannot be read too
     * @throws ProblemException when the file is of no use as a whole: it names the line
     */
    public static Reading read(Iterator<RawRow> rows, Mapping mapping, int maxLines, Consumer<Line> each) {
        StatementReader reader = new StatementReader(mapping, Header.in(rows, mapping));
        while (rows.hasNext()) {
            RawRow row = rows.next();
            Optional<Line> line = reader.line(row);
            line.ifPresent(read -> reader.count(row, read, maxLines));
            line.map(read -> reader.withCells(row, read)).ifPresent(each);
        }
        return reader.reading();
    }

    /**
     * Reads no more than it shows.
     *
     * @throws ProblemException when there is no header
     */
    public static Preview preview(Iterator<RawRow> rows, Mapping mapping, int lines) {
        StatementReader reader = new StatementReader(mapping, Header.in(rows, mapping));
        int header = reader.header.line();
        List<ReadRow> read = new ArrayList<>();
        while (read.size() < lines && rows.hasNext()) {
            RawRow row = rows.next();
            reader.line(row).ifPresent(line -> read.add(new ReadRow(row, line)));
        }
        return new Preview(header, read);
    }

    private Reading reading() {
        return new Reading(
                lines,
                sum,
                charged,
                Optional.ofNullable(earliest),
                Optional.ofNullable(latest),
                Stream.of(firstTotals, lastTotals, allTotals)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList(),
                Optional.ofNullable(unreadableTotals));
    }

    private void count(RawRow row, Line line, int maxLines) {
        lines++;
        if (lines > maxLines) {
            throw ProblemException.invalid(
                    row.place(),
                    "too-many-lines",
                    Map.of("most", String.valueOf(maxLines)),
                    "exceeds the limit: a statement has at most " + maxLines + " lines");
        }
        if (line.problem().isEmpty()) {
            long amount = line.amount().orElseThrow();
            Instant at = line.at().orElseThrow();
            sum = plus(sum, amount, row);
            charged += line.status().orElseThrow() == StatedStatus.CHARGED ? amount : 0;
            earliest = earliest == null || at.isBefore(earliest) ? at : earliest;
            latest = latest == null || at.isAfter(latest) ? at : latest;
        }
    }

    /** A line that cannot be read keeps cells that a person may read; a bill that cannot be read at all keeps those of its first lines. */
    private Line withCells(RawRow row, Line line) {
        if (line.problem().isEmpty() || ++unreadable > MOST_LINES_WITH_CELLS) {
            return line;
        }
        return line.with(row.shown().stream().limit(MOST_CELLS).toList());
    }

    private static long plus(long sum, long amount, RawRow row) {
        try {
            return Math.addExact(sum, amount);
        } catch (ArithmeticException e) {
            throw ProblemException.invalid(row.place(), "exceeds the limit: the sum of the lines is too large");
        }
    }

    /** Empty when the row is no line. */
    private Optional<Line> line(RawRow row) {
        Line line = readable(row);
        Optional<Header> again = line.problem().flatMap(why -> Header.again(row, mapping));
        if (again.isPresent()) {
            header = again.get();
            columns = header.columns();
            behindTotals = false;
            return Optional.empty();
        }
        RowKind kind = RowKind.of(row, line, header, mapping, behindTotals);
        if (kind == RowKind.TOTALS) {
            behindTotals = true;
            add(totals(row));
        }
        return kind == RowKind.LINE ? Optional.of(line) : Optional.empty();
    }

    private void add(Reading.Totals totals) {
        firstTotals = firstTotals == null ? totals : firstTotals;
        allTotals = allTotals == null ? totals : allTotals.and(totals);
        lastTotals = totals;
    }

    /** The sum is in the column of the amount, the number of lines in the first other cell that is one. */
    private Reading.Totals totals(RawRow row) {
        Integer amount = columns.get(Field.AMOUNT);
        List<BillDetail> problems = new ArrayList<>(0);
        Optional<Long> sum = amount == null ? Optional.empty() : cell(row, Field.AMOUNT, cells::amount, problems);
        Optional<Integer> lines = Optional.empty();
        boolean label = true;
        boolean hasDigits = false;
        for (int i = 0; i < row.cells().size() && lines.isEmpty(); i++) {
            String cell = row.bareCell(i);
            if (!cell.isEmpty() && !label && (amount == null || i != amount)) {
                Matcher count = COUNT.matcher(cell);
                lines = count.matches() ? Optional.of(Integer.valueOf(count.group(1))) : Optional.empty();
            }
            hasDigits |= cell.chars().anyMatch(Character::isDigit);
            label &= cell.isEmpty();
        }
        boolean isUnreadable = problems.stream().anyMatch(why -> why.code() != Code.CELL_EMPTY)
                || sum.isEmpty() && lines.isEmpty() && hasDigits
                || hasMoreCells(row);
        if (isUnreadable && unreadableTotals == null) {
            unreadableTotals = row.line();
        }
        return new Reading.Totals(row.line(), lines, isUnreadable ? Optional.empty() : sum);
    }

    /** What can be read of a row, whatever it is. */
    Line readable(RawRow row) {
        List<BillDetail> problems = new ArrayList<>(0);
        if (hasMoreCells(row)) {
            problems.add(Code.MORE_CELLS.with("cells", row.cells().size(), "header", header.width()));
        }
        Optional<String> taskNo = cell(row, Field.TASK_NO, cells::taskNo, problems);
        Optional<Instant> at = time(row, problems);
        if (columns.containsKey(Field.CURRENCY)) {
            cell(row, Field.CURRENCY, cells::currency, problems);
        }
        Optional<StatedStatus> status = status(row, problems);
        Optional<Long> amount = columns.containsKey(Field.AMOUNT)
                ? cell(row, Field.AMOUNT, cells::amount, problems)
                : product(row, problems);
        if (mapping.status() != null && mapping.sign() == Sign.IGNORED && problems.isEmpty()) {
            cell(row, money(), cell -> requireOneSign(cell, row.line()), problems);
        }
        return new Line(
                row.line(), taskNo, at, status, amount, problems.stream().findFirst());
    }

    /** By the sign only where the other fields are there: a row has no two fields by one cell. */
    private Optional<StatedStatus> status(RawRow row, List<BillDetail> problems) {
        if (mapping.sign().isStatus()) {
            return problems.isEmpty() ? cell(row, money(), cells::statusBySign, problems) : Optional.empty();
        }
        return mapping.status() == null
                ? cell(row, Field.STATUS, cells::status, problems)
                : Optional.of(mapping.status());
    }

    private Field money() {
        return columns.containsKey(Field.AMOUNT) ? Field.AMOUNT : Field.PRICE;
    }

    /** One status is no status of charges and returns, which two signs are. */
    private int requireOneSign(String cell, int line) throws Unreadable {
        int sign = cells.signum(cell);
        if (signedLine == 0 && sign != 0) {
            signedLine = line;
            signOfAll = sign;
        }
        if (sign == -signOfAll && sign != 0) {
            throw new Unreadable(Code.CELL_BOTH_SIGNS, Map.of("line", String.valueOf(signedLine)));
        }
        return sign;
    }

    private Optional<Instant> time(RawRow row, List<BillDetail> problems) {
        if (!columns.containsKey(Field.DATE)) {
            return cell(row, Field.TIME, cells::time, problems);
        }
        Optional<String> day = cell(row, Field.DATE, cells::present, problems);
        return day.flatMap(date -> cell(row, Field.TIME, time -> cells.time(date, time), problems));
    }

    private Optional<Long> product(RawRow row, List<BillDetail> problems) {
        Optional<Integer> count = cell(row, Field.COUNT, cells::count, problems);
        Optional<Long> price = cell(row, Field.PRICE, cells::amount, problems);
        return count.isEmpty() || price.isEmpty()
                ? Optional.empty()
                : cell(row, Field.PRICE, cell -> cells.product(count.get(), price.get()), problems);
    }

    /** @param problems is given why, when the cell cannot be read */
    private <T> Optional<T> cell(RawRow row, Field field, Read<T> read, List<BillDetail> problems) {
        try {
            int column = columns.get(field);
            Code broken = row.broken().get(column);
            if (broken != null) {
                throw new Unreadable(broken);
            }
            return Optional.of(read.of(row.bareCell(column)));
        } catch (Unreadable e) {
            problems.add(e.of(mapping.columns().byField().get(field)));
            return Optional.empty();
        }
    }

    private boolean hasMoreCells(RawRow row) {
        for (int i = header.width(); i < row.cells().size(); i++) {
            if (!row.cells().get(i).isBlank()) {
                return true;
            }
        }
        return false;
    }
}
