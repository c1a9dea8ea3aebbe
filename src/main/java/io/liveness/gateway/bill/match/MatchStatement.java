package io.liveness.gateway.bill.match;

import io.liveness.gateway.bill.match.Matcher.Bill;
import io.liveness.gateway.bill.match.Matcher.Fee;
import io.liveness.gateway.bill.match.Matcher.Fee.BilledLine;
import io.liveness.gateway.bill.match.Matcher.Fee.Elsewhere;
import io.liveness.gateway.bill.match.Matcher.MatchResult.Total;
import io.liveness.gateway.bill.match.Matcher.UnknownLine;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.bill.read.StatementReader.Reading;
import io.liveness.gateway.bill.read.StoreMappings.NamedMapping;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Sql.RowMapper;
import io.liveness.gateway.platform.security.Actor;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Matches a statement whose lines are in {@link BillLines}, in the transaction of the import: gives them to a {@link Matcher} beside our
 * fees, and stores its results.
 */
@Singleton
public class MatchStatement {

    /**
     * Matches one bill after the other: of two bills with the same fee the later one waits here until the lines of the
     * earlier one are committed, and finds them. The lock BILLS of {@code V1__platform.sql}: a close takes it too, and imports of sessions
     * try to share it.
     */
    private static final String ONE_AFTER_THE_OTHER = "select pg_advisory_xact_lock(1818850414, 1835103331)";

    private static final String BETWEEN_TWO = "select pg_advisory_xact_lock_shared(1818850414, 1835103331)";

    // The setting is for sorts and joins of a million rows. Compiling the queries takes longer than it saves.
    private static final String SETTINGS = "set local work_mem = '64MB'";

    /**
     * The other bills that count, see {@link OtherBills}. Neither another run of the same file nor the statement that this one corrects is
     * another bill. Beside this one are those of its currency: only they may have a fee that it lacks.
     */
    private static final String OTHER_BILLS = """
            select coalesce(array_agg(t.id), '{}') as ids,
                coalesce(bool_or(beside.from_at < p.begin_at and beside.to_at >= p.begin_at), false) as before,
                coalesce(bool_or(beside.from_at <= p.end_at and beside.to_at > p.end_at), false) as behind,
                max(beside.to_at) filter (where beside.to_at < p.begin_at) as last_before,
                min(beside.from_at) filter (where beside.from_at > p.end_at) as first_behind
            from statement mine
            join statement t on t.in_effect and t.sha256 <> mine.sha256 and t.id is distinct from mine.supersedes
            cross join (select ?::timestamptz as begin_at, ?::timestamptz as end_at) p
            left join lateral (select t.begins as from_at, t.ends as to_at where t.currency = mine.currency) beside on true
            where mine.id = ?
            """;

    /** What is told of each fee, but for what other bills say of it. */
    private static final String FEE = """
            select pre.session_id, pre.task_no, pre.basis = 'PRESUMED' as unknown, fee_status(ending.kind, pre.basis) as status,
                coalesce(ending.basis, pre.basis) as basis, pre.amount, pre.currency, pre.init_at as at, ending.recorded_at as ended,
            """;

    /** The fees of the lines, by task number: with a line of another bill that charges it. */
    private static final String FEES_OF_LINES = FEE + """
                charged.statement_id as other, charged.line as other_line, corrected.statement_id as corrected_by, false as awaited,
                null::text[] as numbers
            from ledger pre
            left join ledger ending on ending.session_id = pre.session_id and ending.kind in ('CHARGE', 'REFUND')
            cross join (select ?::uuid[] as bills) other
            left join statement_match charged on charged.session_id = pre.session_id and charged.line is not null
                and charged.theirs_status = 'CHARGED' and line_has_fee(charged.kind) and charged.statement_id = any (other.bills)
            left join statement_acceptance corrected on corrected.session_id = pre.session_id and corrected.state <> 'UNDONE'
                and corrected.amount <> 0 and corrects_fee(corrected.kind) and corrected.statement_id = any (other.bills)
            where pre.kind = 'PRE_DEDUCT' and pre.task_no in (select task_no from bill_line)
            order by pre.task_no collate "C", pre.id, charged.statement_id, charged.line, corrected.statement_id
            """;

    /** Fees with the task numbers that other bills gave them. */
    private static final String FEES = FEE + """
                charged.statement_id as other, charged.line as other_line, corrected.statement_id as corrected_by, false as awaited,
                array(select m.task_no from statement_match m
                      where m.session_id = pre.session_id and m.line is not null and m.task_no is not null
                        and m.statement_id = any (other.bills)) as numbers
            from ledger pre
            left join ledger ending on ending.session_id = pre.session_id and ending.kind in ('CHARGE', 'REFUND')
            cross join (select ?::uuid[] as bills) other
            left join lateral (
                select m.statement_id, m.line from statement_match m
                where m.session_id = pre.session_id and m.line is not null and m.theirs_status = 'CHARGED' and line_has_fee(m.kind)
                  and m.statement_id = any (other.bills)
                order by m.statement_id, m.line limit 1) charged on true
            left join lateral (
                select a.statement_id from statement_acceptance a
                where a.session_id = pre.session_id and a.state <> 'UNDONE' and a.amount <> 0 and corrects_fee(a.kind)
                  and a.statement_id = any (other.bills)
                order by a.statement_id limit 1) corrected on true
            """;

    private static final String FEE_OF_SESSION = FEES + "where pre.session_id = ? and pre.kind = 'PRE_DEDUCT'";

    /** The fees near to the lines without a number, whose init or verdict was lost, by time. */
    private static final String LOST_FEES = FEES + """
            where pre.kind = 'PRE_DEDUCT' and pre.task_no is null and pre.session_id = any (array(
                select session_id from ledger where basis = 'PRESUMED' and currency = ? and init_at between ? and ?))
            order by pre.init_at, pre.session_id
            """;

    /** By time, each charge with the line of another bill that charges its number and is of no session either. */
    private static final String UNKNOWN_LINES = """
            select l.line, l.task_no, l.at, l.status, l.amount, l.problem, l.cells, charged.statement_id as other, charged.line as other_line
            from unknown_line l
            left join lateral (
                select m.statement_id, m.line from statement_match m
                where l.status = 'CHARGED' and m.task_no = l.task_no and m.session_id is null and m.theirs_status = 'CHARGED'
                  and m.kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS') and m.statement_id = any (?)
                order by m.statement_id, m.line limit 1) charged on true
            order by l.at, l.line
            """;

    private static final String WITHOUT_LINE = """
            create temporary table without_line (
                session_id uuid not null,
                task_no    text,
                basis      text,
                amount     bigint,
                currency   text,
                init_at    timestamptz
            ) on commit drop""";

    /** The fees of a time, in the currency of this statement, of which it has no line. */
    private static final String FILL_WITHOUT_LINE = """
            insert into without_line
            select e.session_id, e.task_no, e.basis, e.amount, e.currency, e.init_at
            from ledger e
            where e.kind = 'PRE_DEDUCT' and e.init_at >= ? and e.init_at < ? and e.currency = ?
              and not exists (select from statement_match mine where mine.session_id = e.session_id and mine.statement_id = ?)
            """;

    /**
     * The fees without a line, with a line of another bill that has them, charged or not. A fee is awaited that a bill
     * has left at its edge, and that none has found missing since.
     */
    private static final String FEES_WITHOUT_LINE = FEE + """
                others.statements[1] as other, others.lines[1] as other_line, null::uuid as corrected_by, others.awaited,
                null::text[] as numbers
            from without_line pre
            left join ledger ending on ending.session_id = pre.session_id and ending.kind in ('CHARGE', 'REFUND')
            cross join lateral (
                select array_agg(m.statement_id order by m.statement_id, m.line) filter (where billed) as statements,
                    array_agg(m.line order by m.statement_id, m.line) filter (where billed) as lines,
                    bool_and(m.kind = 'CUT_OFF') filter (where m.kind in ('CUT_OFF', 'MISSING_IN_STATEMENT')) as awaited
                from statement_match m
                cross join lateral (select m.line is not null and line_has_fee(m.kind) as billed) kinds
                where m.session_id = pre.session_id and m.statement_id = any (?)) others
            order by pre.init_at, pre.session_id
            """;

    /** Tolerances when a statement is matched. */
    @ConfigMapping(prefix = "liveness.statement")
    interface Tolerances {

        /** A fee without a line is no difference when it is this near to an edge of the statement's period. */
        @WithDefault("5m")
        @DurationMin(seconds = 0, message = "liveness.statement.cut-off-tolerance must not be negative")
        @DurationMax(days = 1, message = "liveness.statement.cut-off-tolerance must be at most 24h")
        Duration cutOffTolerance();

        /** Largest difference of time between a line with an unknown task number and an init without an answer that match. */
        @WithDefault("30s")
        @DurationMin(seconds = 1, message = "liveness.statement.lost-init-window must be at least 1s")
        @DurationMax(hours = 1, message = "liveness.statement.lost-init-window must be at most 1h")
        Duration lostInitWindow();
    }

    /**
     * An order to import a statement. {@code bill} and {@code bill.importing} use it too, which this package may not import.
     *
     * @param from when its period begins; with its first line when empty
     * @param to when it ends, itself excluded; with its last line when empty
     * @param invoice the total of the invoice that comes with it
     * @param supersedes the statement that it corrects
     * @param by the actor that imports it
     * @param mayConfirm whether the actor may carry out what another person proposes
     */
    public record ImportOrder(
            NamedMapping mapping,
            boolean dryRun,
            Optional<String> fileName,
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<Money> invoice,
            Optional<UUID> supersedes,
            Actor by,
            boolean mayConfirm) {

        public String currency() {
            return mapping.mapping().currency();
        }
    }

    private final Duration tolerance;
    private final Duration window;

    MatchStatement(Tolerances config) {
        this.tolerance = config.cutOffTolerance();
        this.window = config.lostInitWindow();
    }

    /**
     * What came of it.
     *
     * @param counts the results of each kind
     * @param outside lines outside of the period that the import states
     */
    public record Matched(Map<MatchKind, Integer> counts, int outside) {}

    /**
     * Matches a statement once. Where not one line has a time, and begin and end are not both stated, there is nothing to hold the lines
     * against but the fees of their numbers. The last line is included in its period: its time is one of whole seconds. The period ends at
     * the import at the latest.
     *
     * @param connection of the transaction in which its lines are
     * @param progress is told how many lines are matched
     */
    public Matched match(
            Connection connection, UUID statement, ImportOrder order, Reading reading, IntConsumer progress)
            throws SQLException {
        Sql.first(connection, ONE_AFTER_THE_OTHER, row -> true);
        Sql.execute(connection, SETTINGS);
        Instant importedAt = importedAt(connection, statement);
        Optional<Instant> begin = order.from().or(reading::first);
        Optional<Instant> end = order.to()
                .or(() -> reading.last().map(last -> last.plusSeconds(1)))
                .map(stated -> stated.isAfter(importedAt) ? importedAt : stated);
        OtherBills others =
                OtherBills.of(connection, statement, begin.orElse(Instant.EPOCH), end.orElse(Instant.EPOCH));
        Bill bill = bill(order, begin.orElse(Instant.EPOCH), end.orElse(Instant.EPOCH), others);
        StoreResults results = new StoreResults(connection, statement, progress);
        BillLines unknown = BillLines.unknown(connection);
        Matcher matcher = new Matcher(bill, results, unknown);
        try (Cursor<Line> lines = new Cursor<>(connection, BillLines.BY_TASK_NO, BillLines::of);
                Cursor<Fee> fees = new Cursor<>(connection, FEES_OF_LINES, MatchStatement::feeOf, others.ids())) {
            matcher.lines(lines, fees);
        }
        unknown.complete();
        lostInits(connection, matcher, bill, reading, others);
        results.flush();
        if (begin.isPresent() && end.isPresent()) {
            Sql.execute(connection, WITHOUT_LINE);
            for (Span span : spans(bill, others)) {
                Sql.execute(connection, FILL_WITHOUT_LINE, span.from(), span.to(), bill.currency(), statement);
            }
            Sql.execute(connection, "analyze without_line");
            try (Cursor<Fee> fees = new Cursor<>(connection, FEES_WITHOUT_LINE, MatchStatement::feeOf, others.ids())) {
                matcher.withoutLine(fees);
            }
        }
        for (Total total : matcher.totals(reading, order.invoice().map(Money::units))) {
            results.add(total, bill.currency());
        }
        results.flush();
        return new Matched(results.counts(), matcher.outside());
    }

    /** The end of what a bill can know: fees that are opened later are those of the next one. */
    private static Instant importedAt(Connection connection, UUID statement) throws SQLException {
        return Sql.first(
                        connection,
                        "select imported_at from statement where id = ?",
                        row -> Sql.time(row, "imported_at"),
                        statement)
                .orElseThrow();
    }

    /** Until the end of the transaction no bill is matched. Before any lock of a row. */
    public static void waitForMatching(Connection connection) throws SQLException {
        Sql.first(connection, BETWEEN_TWO, row -> true);
    }

    /**
     * The fee of a session, with what the other bills say of it; empty when it has none. It is asked for a line that a person gives to the
     * session.
     */
    public static Optional<Fee> fee(Connection connection, UUID statement, UUID session) throws SQLException {
        OtherBills others = OtherBills.of(connection, statement, Instant.EPOCH, Instant.EPOCH);
        return Sql.first(connection, FEE_OF_SESSION, MatchStatement::feeOf, others.ids(), session);
    }

    /** Reads a row of a query of fees: all have the same columns. */
    private static Fee feeOf(ResultSet row) throws SQLException {
        Array numbers = row.getArray("numbers");
        return new Fee(
                row.getObject("session_id", UUID.class),
                Optional.ofNullable(row.getString("task_no")),
                row.getBoolean("unknown"),
                row.getString("status"),
                Optional.ofNullable(row.getString("basis")),
                row.getLong("amount"),
                row.getString("currency"),
                Sql.time(row, "at"),
                Optional.ofNullable(Sql.time(row, "ended")),
                new Elsewhere(
                        lineElsewhere(row),
                        Optional.ofNullable(row.getObject("corrected_by", UUID.class)),
                        row.getBoolean("awaited"),
                        numbers == null ? List.of() : List.of((String[]) numbers.getArray())));
    }

    /** Reads the columns {@code other} and {@code other_line}, which may be null. */
    private static Optional<BilledLine> lineElsewhere(ResultSet row) throws SQLException {
        UUID other = row.getObject("other", UUID.class);
        return other == null ? Optional.empty() : Optional.of(new BilledLine(other, row.getInt("other_line")));
    }

    /**
     * What counts beside this bill.
     *
     * @param before whether another bill reaches up to the begin of this one
     * @param behind whether one begins where this one ends
     * @param lastBefore where the last one that ends before it ends
     * @param firstBehind where the first one behind it begins
     */
    private record OtherBills(
            Array ids, boolean before, boolean behind, Optional<Instant> lastBefore, Optional<Instant> firstBehind) {

        static OtherBills of(Connection connection, UUID statement, Instant begin, Instant end) throws SQLException {
            return Sql.first(
                            connection,
                            OTHER_BILLS,
                            row -> new OtherBills(
                                    row.getArray("ids"),
                                    row.getBoolean("before"),
                                    row.getBoolean("behind"),
                                    Optional.ofNullable(Sql.time(row, "last_before")),
                                    Optional.ofNullable(Sql.time(row, "first_behind"))),
                            begin,
                            end,
                            statement)
                    .orElseThrow();
        }
    }

    private Bill bill(ImportOrder order, Instant begin, Instant end, OtherBills others) {
        return new Bill(
                order.currency(),
                order.from(),
                order.to(),
                begin,
                end,
                others.before(),
                others.behind(),
                tolerance,
                window,
                order.mapping().mapping().sign().taken());
    }

    /** A time, its end excluded. */
    private record Span(Instant from, Instant to) {}

    /**
     * The times whose fees are to be on this bill: its own, with the tolerance around it, and where no other bill adjoins it, the edge of
     * the nearest one on that side. That one has left fees there to this one, also where nothing was billed in between.
     */
    private List<Span> spans(Bill bill, OtherBills others) {
        Instant first = bill.begin().minus(tolerance);
        Instant end = bill.end().plus(tolerance);
        List<Span> spans = new ArrayList<>();
        others.lastBefore()
                .filter(edge -> !bill.hasBefore())
                .ifPresent(edge -> spans.add(new Span(edge.minus(tolerance), earlier(edge.plus(tolerance), first))));
        spans.add(new Span(first, end));
        others.firstBehind()
                .filter(edge -> !bill.hasBehind())
                .ifPresent(edge -> spans.add(new Span(later(edge.minus(tolerance), end), edge.plus(tolerance))));
        return spans;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private void lostInits(Connection connection, Matcher matcher, Bill bill, Reading reading, OtherBills others)
            throws SQLException {
        if (reading.first().isEmpty()) {
            return;
        }
        Instant first = reading.first().get().minus(window);
        Instant last = reading.last().orElseThrow().plus(window);
        RowMapper<UnknownLine> unknownLine = row -> new UnknownLine(BillLines.of(row), lineElsewhere(row));
        try (Cursor<UnknownLine> lines = new Cursor<>(connection, UNKNOWN_LINES, unknownLine, others.ids());
                Cursor<Line> neighbours = new Cursor<>(connection, BillLines.UNKNOWN_BY_TIME, BillLines::of);
                Cursor<Fee> lost = new Cursor<>(
                        connection, LOST_FEES, MatchStatement::feeOf, others.ids(), bill.currency(), first, last)) {
            matcher.lostInits(lines, neighbours, lost);
        }
    }

    /** The rows of a query, some thousand in memory at a time. Several may be open in one transaction. */
    private static final class Cursor<T> implements Iterator<T>, AutoCloseable {

        private static final int AT_ONCE = 5_000;

        private final PreparedStatement statement;
        private final ResultSet rows;
        private final RowMapper<T> mapper;
        private boolean isThere;

        Cursor(Connection connection, String sql, RowMapper<T> mapper, Object... parameters) throws SQLException {
            this.statement = Sql.prepare(connection, sql, parameters);
            this.statement.setFetchSize(AT_ONCE);
            this.rows = statement.executeQuery();
            this.mapper = mapper;
            this.isThere = rows.next();
        }

        @Override
        public boolean hasNext() {
            return isThere;
        }

        @Override
        public T next() {
            if (!isThere) {
                throw new NoSuchElementException();
            }
            try {
                T row = mapper.of(rows);
                isThere = rows.next();
                return row;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }
}
