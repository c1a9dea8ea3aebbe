package io.liveness.gateway.bill.match;

import io.liveness.gateway.bill.match.Matcher.Fee.BilledLine;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.bill.read.StatementReader.Reading;
import io.liveness.gateway.bill.read.StatementReader.Reading.Totals;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.books.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Judges the lines of one bill beside the fees of our books. It is given both in their order and tells the results; it neither reads nor
 * writes. One matcher is for one bill: first its {@link #lines}, then those of unknown numbers beside {@link #lostInits},
 * then the fees {@link #withoutLine}.
 */
public final class Matcher {

    /**
     * A bill.
     *
     * @param from as the import states it
     * @param begin of the period: as stated, or else its first line
     * @param end of the period, exclusive
     * @param hasBefore whether another bill reaches up to the begin
     * @param hasBehind whether another bill begins at the end
     * @param tolerance at both edges of the period
     * @param window how far the times of a lost init and of its line may be apart
     * @param taken the status of the line that a journal has when a fee is taken: 预扣, or 实扣 where the sign is the status
     */
    record Bill(
            String currency,
            Optional<Instant> from,
            Optional<Instant> to,
            Instant begin,
            Instant end,
            boolean hasBefore,
            boolean hasBehind,
            Duration tolerance,
            Duration window,
            StatedStatus taken) {

        boolean isOutside(Instant at) {
            return from.filter(at::isBefore).isPresent()
                    || to.filter(end -> !at.isBefore(end)).isPresent();
        }
    }

    /**
     * A fee of our books.
     *
     * @param unknown whether init's answer was lost
     * @param status of the charge: UNCONFIRMED, PRE_DEDUCTED, CHARGED or REFUNDED
     * @param basis how that is known
     * @param amount in the units of {@link io.liveness.gateway.books.Money}
     * @param at when it was taken
     * @param ended when it was charged or returned
     */
    public record Fee(
            UUID session,
            Optional<String> taskNo,
            boolean unknown,
            String status,
            Optional<String> basis,
            long amount,
            String currency,
            Instant at,
            Optional<Instant> ended,
            Elsewhere elsewhere) {

        public static final String CHARGED = "CHARGED";
        public static final String REFUNDED = "REFUNDED";
        static final String UNCONFIRMED = "UNCONFIRMED";
        private static final String PRESUMED = "PRESUMED";

        /**
         * What the other bills that count say of it.
         *
         * @param line of another bill that has it
         * @param correctedBy the bill to which the books were adjusted, or are proposed to be
         * @param awaited whether it is at the edge of another bill and has no line there
         * @param numbers the task numbers that other bills have given it
         */
        record Elsewhere(Optional<BilledLine> line, Optional<UUID> correctedBy, boolean awaited, List<String> numbers) {

            static final Elsewhere NOWHERE = new Elsewhere(Optional.empty(), Optional.empty(), false, List.of());
        }

        /** A line of another bill. */
        record BilledLine(UUID statement, int line) {}

        /** Whether it was booked by the billing rule alone, as all are without a task number: init's answer was lost. */
        boolean isPresumed() {
            return taskNo.isEmpty() || basis.filter(PRESUMED::equals).isPresent();
        }
    }

    /**
     * What was found of a line, of a fee without a line, or of both.
     *
     * @param presumption what the bill says of a fee that was presumed
     */
    public record MatchResult(
            MatchKind kind,
            Optional<Line> line,
            Optional<Fee> fee,
            Optional<Presumption> presumption,
            Optional<BillDetail> detail) {

        enum Presumption {
            CONFIRMED,
            CONTRADICTED
        }

        /**
         * A total that is not the sum of the lines.
         *
         * @param counted the sum of the lines in the units of {@link io.liveness.gateway.books.Money}; empty when the number of lines differs, or
         *     a sum cannot be read
         */
        record Total(BillDetail what, Optional<Long> counted, Optional<Long> stated) {}
    }

    /** A line whose number no fee has. @param charged a line of another bill that charges that number */
    record UnknownLine(Line line, Optional<BilledLine> charged) {}

    private final Bill bill;
    private final Consumer<MatchResult> results;
    private final Consumer<Line> unknown;
    private final TreeSet<Instant> ambiguous = new TreeSet<>();
    private boolean hasCharges;
    private boolean hasOthers;
    private int outside;
    // The sum of what was taken and has ended on the bill too.
    private long journaled;
    private long returned;

    /** @param unknown is given the lines that no fee has the number of; they are judged by {@link #lostInits} */
    Matcher(Bill bill, Consumer<MatchResult> results, Consumer<Line> unknown) {
        this.bill = bill;
        this.results = results;
        this.unknown = unknown;
    }

    /**
     * Lines by their task number. Of a journal, which has a line when a fee is pre-deducted and another one when that is charged or
     * returned, both are one: the fee as it ended.
     *
     * @param lines in the order of task number and line; those without a number come last
     * @param fees in the order of their task numbers; of several with one number the first one counts
     */
    void lines(Iterator<Line> lines, Iterator<Fee> fees) {
        Fee fee = next(fees);
        Optional<Fee> its = Optional.empty();
        Line waiting = null;
        String seen = "";
        while (lines.hasNext()) {
            Line line = lines.next();
            String number = line.taskNo().orElse("");
            if (waiting != null && !number.equals(seen)) {
                line(waiting, its, false);
                waiting = null;
            }
            while (fee != null
                    && line.taskNo().isPresent()
                    && fee.taskNo().orElseThrow().compareTo(number) < 0) {
                fee = next(fees);
            }
            its = Optional.ofNullable(fee)
                    .filter(one -> one.taskNo().orElseThrow().equals(number));
            outside += line.at().filter(bill::isOutside).isPresent() ? 1 : 0;
            if (line.problem().isPresent()) {
                tell(MatchKind.UNREADABLE_LINE, line, its, line.problem());
                continue;
            }
            hasCharges |= line.status().orElseThrow() == StatedStatus.CHARGED;
            hasOthers |= line.status().orElseThrow() != StatedStatus.CHARGED;
            returned += line.status().orElseThrow() == StatedStatus.REFUNDED
                    ? line.amount().orElseThrow()
                    : 0;
            if (!number.equals(seen)) {
                waiting = line;
                seen = number;
            } else if (waiting != null && isJournal(waiting, line)) {
                line(asOne(waiting, line), its, false);
                waiting = null;
            } else {
                if (waiting != null) {
                    line(waiting, its, false);
                    waiting = null;
                }
                line(line, its, true);
            }
        }
        if (waiting != null) {
            line(waiting, its, false);
        }
    }

    /** Whether a fee is taken on one of two lines of a number and ends on the other one, in either order. */
    private boolean isJournal(Line one, Line other) {
        StatedStatus first = one.status().orElseThrow();
        StatedStatus second = other.status().orElseThrow();
        boolean isReturn = first == StatedStatus.REFUNDED || second == StatedStatus.REFUNDED;
        return (first == bill.taken()) != (second == bill.taken())
                && (!isReturn || one.amount().equals(other.amount()));
    }

    /** The end of a fee, at the time at which it was taken. */
    private Line asOne(Line one, Line other) {
        boolean isFirst = one.status().orElseThrow() == bill.taken();
        Line taken = isFirst ? one : other;
        Line ended = isFirst ? other : one;
        journaled += taken.amount().orElseThrow();
        return new Line(ended.number(), ended.taskNo(), taken.at(), ended.status(), ended.amount(), Optional.empty());
    }

    private static <T> T next(Iterator<T> all) {
        return all.hasNext() ? all.next() : null;
    }

    /** @param repeated whether an earlier line has the same number */
    private void line(Line line, Optional<Fee> fee, boolean repeated) {
        if (repeated) {
            tell(MatchKind.DUPLICATE_LINE, line, fee, Optional.empty());
        } else if (fee.isPresent()) {
            compare(line, fee.get(), Optional.empty());
        } else {
            unknown.accept(line);
        }
    }

    private void compare(Line line, Fee fee, Optional<BillDetail> how) {
        compare(line, fee, bill.currency(), bill.end(), how.or(() -> outside(line)))
                .forEach(results);
    }

    /**
     * Judges a readable line beside its fee: two results where both amount and status differ.
     *
     * @param end of the bill's period, exclusive
     * @param how the fee was found, when not by its number
     */
    public static List<MatchResult> compare(
            Line line, Fee fee, String currency, Instant end, Optional<BillDetail> how) {
        StatedStatus theirs = line.status().orElseThrow();
        if (theirs == StatedStatus.CHARGED && fee.elsewhere().line().isPresent()) {
            return List.of(result(
                    MatchKind.DUPLICATE_LINE,
                    line,
                    Optional.of(fee),
                    chargedTwice(fee.elsewhere().line())));
        }
        List<MatchResult> results = new ArrayList<>();
        if (line.amount().orElseThrow() != fee.amount()
                || !fee.currency().equals(currency)
                || fee.elsewhere().correctedBy().isPresent()) {
            results.add(result(
                    MatchKind.AMOUNT_DIFFERS,
                    line,
                    Optional.of(fee),
                    corrected(fee).or(() -> how)));
        }
        if (!agrees(theirs, fee, end)) {
            results.add(result(MatchKind.STATUS_DIFFERS, line, Optional.of(fee), how));
        }
        return results.isEmpty() ? List.of(result(MatchKind.MATCHED, line, Optional.of(fee), how)) : results;
    }

    /**
     * Whether the status of the bill agrees with ours. A fee may have ended after the bill was made. One in doubt may have been taken, and
     * come back.
     */
    private static boolean agrees(StatedStatus theirs, Fee fee, Instant end) {
        if (fee.status().equals(Fee.UNCONFIRMED)) {
            return theirs != StatedStatus.CHARGED;
        }
        return theirs.name().equals(fee.status())
                || (theirs == StatedStatus.PRE_DEDUCTED
                        && fee.ended().filter(ended -> !ended.isBefore(end)).isPresent());
    }

    private static Optional<BillDetail> chargedTwice(Optional<BilledLine> line) {
        return line.map(other -> Code.CHARGED_TWICE.with("statement", other.statement(), "line", other.line()));
    }

    private static Optional<BillDetail> corrected(Fee fee) {
        return fee.elsewhere().correctedBy().map(other -> Code.ADJUSTED_ELSEWHERE.with("statement", other));
    }

    /**
     * Lines of unknown numbers by time and amount: one line and one lost fee have to fit each other alone. All are given in the order of
     * their times, and only those near to the line that is judged are held. What another bill has charged under the number is charged
     * twice.
     *
     * @param neighbours the same lines once more
     * @param lost the fees whose init's answer was lost
     */
    void lostInits(Iterator<UnknownLine> lines, Iterator<Line> neighbours, Iterator<Fee> lost) {
        InTime<Fee> fees = new InTime<>(lost, Fee::at);
        InTime<Line> others = new InTime<>(neighbours, line -> line.at().orElseThrow());
        while (lines.hasNext()) {
            UnknownLine unknownLine = lines.next();
            Line line = unknownLine.line();
            Instant at = line.at().orElseThrow();
            fees.hold(at.minus(bill.window()), at.plus(bill.window()));
            // Beside any fee that fits.
            others.hold(
                    at.minus(bill.window().multipliedBy(2)),
                    at.plus(bill.window().multipliedBy(2)));
            if (unknownLine.charged().isPresent()) {
                tell(MatchKind.DUPLICATE_LINE, line, Optional.empty(), chargedTwice(unknownLine.charged()));
            } else {
                lostInit(line, fees, others);
            }
        }
    }

    private void lostInit(Line line, InTime<Fee> lost, InTime<Line> lines) {
        long amount = line.amount().orElseThrow();
        List<Fee> fees = lost.held()
                .filter(fee -> fee.amount() == amount)
                .filter(fee -> fee.elsewhere().numbers().stream()
                        .allMatch(line.taskNo().orElseThrow()::equals))
                .limit(2)
                .toList();
        if (fees.isEmpty()) {
            tell(MatchKind.MISSING_IN_LEDGER, line, Optional.empty(), Optional.empty());
        } else if (fees.size() > 1 || fitsAnotherLine(fees.get(0), lines)) {
            ambiguous.add(line.at().orElseThrow());
            tell(MatchKind.AMBIGUOUS, line, Optional.empty(), Optional.of(Code.SEVERAL_FIT.with()));
        } else {
            compare(line, fees.get(0), Optional.of(Code.FOUND_BY_TIME.with()));
        }
    }

    private boolean fitsAnotherLine(Fee fee, InTime<Line> lines) {
        return lines.held()
                        .filter(line -> line.amount().orElseThrow() == fee.amount())
                        .filter(line -> Duration.between(line.at().orElseThrow(), fee.at())
                                        .abs()
                                        .compareTo(bill.window())
                                <= 0)
                        .limit(2)
                        .count()
                > 1;
    }

    /** Fees of the period without a line, and of the tolerance around it. @param fees in the order of their times */
    void withoutLine(Iterator<Fee> fees) {
        while (fees.hasNext()) {
            Fee fee = fees.next();
            withoutLine(fee)
                    .ifPresent(kind -> results.accept(new MatchResult(
                            kind,
                            Optional.empty(),
                            Optional.of(fee),
                            kind == MatchKind.NOT_BILLED && fee.unknown()
                                    ? Optional.of(MatchResult.Presumption.CONTRADICTED)
                                    : Optional.empty(),
                            why(kind, fee))));
        }
    }

    private Optional<MatchKind> withoutLine(Fee fee) {
        boolean inside = !fee.at().isBefore(bill.begin()) && fee.at().isBefore(bill.end());
        if (fee.elsewhere().line().isPresent()) {
            return inside ? Optional.of(MatchKind.CUT_OFF) : Optional.empty();
        }
        if (!inside) {
            // The bill that it is at the edge of has left it to this one.
            return fee.elsewhere().awaited() && !fee.unknown() && !isReturnedUnlisted(fee)
                    ? Optional.of(MatchKind.MISSING_IN_STATEMENT)
                    : Optional.empty();
        }
        if (fee.unknown()
                && (fee.status().equals(Fee.UNCONFIRMED) || fee.status().equals(Fee.REFUNDED))) {
            return isNearAmbiguous(fee) ? Optional.empty() : Optional.of(MatchKind.NOT_BILLED);
        }
        if (isReturnedUnlisted(fee)) {
            return Optional.of(MatchKind.NOT_BILLED);
        }
        boolean atEdge = (!bill.hasBefore() && fee.at().isBefore(bill.begin().plus(bill.tolerance())))
                || (!bill.hasBehind() && !fee.at().isBefore(bill.end().minus(bill.tolerance())));
        return Optional.of(atEdge ? MatchKind.CUT_OFF : MatchKind.MISSING_IN_STATEMENT);
    }

    /** A bill that lists charges only has no line for a returned fee. */
    private boolean isReturnedUnlisted(Fee fee) {
        return hasCharges && !hasOthers && fee.status().equals(Fee.REFUNDED);
    }

    /** One of these lines may be of it. */
    private boolean isNearAmbiguous(Fee fee) {
        Instant next = ambiguous.ceiling(fee.at().minus(bill.window()));
        return next != null && !next.isAfter(fee.at().plus(bill.window()));
    }

    private Optional<BillDetail> why(MatchKind kind, Fee fee) {
        if (kind == MatchKind.NOT_BILLED && !fee.unknown()) {
            return Optional.of(Code.RETURNED.with());
        }
        return fee.elsewhere()
                .line()
                .map(other -> Code.ON_LINE_OF.with("line", other.line(), "statement", other.statement()));
    }

    /** How many lines lie outside of the period that the import states. */
    int outside() {
        return outside;
    }

    private void tell(MatchKind kind, Line line, Optional<Fee> fee, Optional<BillDetail> detail) {
        results.accept(result(kind, line, fee, detail.or(() -> outside(line))));
    }

    private Optional<BillDetail> outside(Line line) {
        return line.at().filter(bill::isOutside).map(at -> Code.OUTSIDE.with());
    }

    private static MatchResult result(MatchKind kind, Line line, Optional<Fee> fee, Optional<BillDetail> detail) {
        boolean presumed = fee.filter(Fee::isPresumed).isPresent();
        MatchResult.Presumption presumption = !presumed
                ? null
                : switch (kind) {
                    case MATCHED -> MatchResult.Presumption.CONFIRMED;
                    case STATUS_DIFFERS -> MatchResult.Presumption.CONTRADICTED;
                    default -> null;
                };
        return new MatchResult(kind, Optional.of(line), fee, Optional.ofNullable(presumption), detail);
    }

    /**
     * Totals of the file and of the invoice that are not those of the lines. An invoice is what is paid: the sum of the charges, rounded
     * once. The sum of the file may be rounded so too. It may be of all lines, leave out pre-deductions that have ended and what was
     * returned, or be of the charges alone. Where several rows may state the totals, that one counts which is right, else the nearest one.
     */
    List<MatchResult.Total> totals(Reading reading, Optional<Long> invoice) {
        List<MatchResult.Total> differing = new ArrayList<>();
        nearest(reading.stated(), Totals::sum, reading.sum(), sum -> isSum(sum, reading))
                .ifPresent(sum -> differing.add(
                        new MatchResult.Total(Code.SUM_STATED.with(), Optional.of(reading.sum()), Optional.of(sum))));
        reading.unreadable()
                .ifPresent(line -> differing.add(new MatchResult.Total(
                        Code.SUM_UNREADABLE.with("line", line), Optional.empty(), Optional.empty())));
        nearest(
                        reading.stated(),
                        totals -> totals.lines().map(Integer::longValue),
                        reading.lines(),
                        lines -> lines == reading.lines())
                .ifPresent(lines -> differing.add(new MatchResult.Total(
                        Code.LINES_STATED.with("stated", lines, "lines", reading.lines()),
                        Optional.empty(),
                        Optional.empty())));
        long charged = paid(reading.charged() - (bill.taken() == StatedStatus.CHARGED ? journaled : 0));
        invoice.filter(sum -> sum != charged)
                .ifPresent(sum -> differing.add(
                        new MatchResult.Total(Code.INVOICE.with(), Optional.of(charged), Optional.of(sum))));
        return differing;
    }

    private boolean isSum(long stated, Reading reading) {
        return Stream.of(
                        reading.sum(),
                        reading.sum() - journaled,
                        reading.sum() - journaled - returned,
                        reading.charged())
                .anyMatch(counted -> stated == counted || stated == paid(counted));
    }

    /** What is stated wrongly; empty when one of the totals is right, or none is stated. */
    private static Optional<Long> nearest(
            List<Totals> stated, Function<Totals, Optional<Long>> total, long counted, Predicate<Long> isRight) {
        List<Long> all = stated.stream().map(total).flatMap(Optional::stream).toList();
        return all.stream().anyMatch(isRight)
                ? Optional.empty()
                : all.stream().min(Comparator.comparing(one -> Math.abs(one - counted)));
    }

    private long paid(long sum) {
        return new Money(sum, bill.currency()).payable().units();
    }

    /** What comes in the order of its times: the part of it around a time that moves on. */
    private static final class InTime<T> {

        private final Iterator<T> all;
        private final Function<T, Instant> time;
        private final Deque<T> held = new ArrayDeque<>();
        private T next;

        InTime(Iterator<T> all, Function<T, Instant> time) {
            this.all = all;
            this.time = time;
            this.next = Matcher.next(all);
        }

        /** The window includes both its ends, and neither end goes back. */
        void hold(Instant from, Instant to) {
            while (next != null && !time.apply(next).isAfter(to)) {
                held.add(next);
                next = Matcher.next(all);
            }
            while (!held.isEmpty() && time.apply(held.peek()).isBefore(from)) {
                held.remove();
            }
        }

        Stream<T> held() {
            return held.stream();
        }
    }
}
