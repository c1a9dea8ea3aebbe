package io.liveness.gateway.bill.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.bill.StatementProblem;
import io.liveness.gateway.bill.StatementView;
import io.liveness.gateway.bill.StoreStatements;
import io.liveness.gateway.bill.match.BillLines;
import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.match.StoreResults.ResultIds;
import io.liveness.gateway.bill.work.DifferenceFilter.WorkState;
import io.liveness.gateway.bill.work.SumDifferences.Sum;
import io.liveness.gateway.books.AmountColumn;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads the results of a statement: by pages in the order of its lines, those without a line last; or all as a claim. */
@Singleton
class ListDifferences {

    private static final String RESULTS = """
            select m.*, t.currency as bill_currency,
                   a.state, a.amount as adjustment, a.waived, a.currency as adjustment_currency, a.reason, a.accepted_by, a.accepted_at,
                   a.confirmed_by, a.confirmed_at, a.undoing_by, n.note, n.assignee,
                   h.kind as earlier_kind, h.matched_by, h.matched_at, h.reason as match_reason
            from statement_match m
            join statement t on t.id = m.statement_id
            left join statement_acceptance a on a.difference_id = m.id and a.state <> 'UNDONE'
            left join difference_note n on n.difference_id = m.id
            left join match_by_hand h on h.statement_id = m.statement_id and h.session_id = m.session_id and h.undone_at is null
            """;

    /** Finds the first results of each kind by its index, so that a page of a million costs what it shows. */
    private static final String IDS = """
            select fitting.id
            from unnest(?::text[]) k (kind)
            cross join lateral (%s order by m.id limit ?) fitting
            order by fitting.id
            limit ?
            """;

    private final Batch batch;

    ListDifferences(Batch batch) {
        this.batch = batch;
    }

    /**
     * Some results, from the one after {@code after} on.
     *
     * @throws ProblemException when there is no such statement, or it is under way: what it has by then is not all
     */
    List<DifferenceView> page(UUID statement, DifferenceFilter filter, Optional<UUID> after, int rows) {
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            requireResults(connection, statement);
            return of(connection, statement, ids(connection, statement, filter, after, rows));
        });
    }

    /** The ids of what the filter fits, from the one after {@code after} on, of so many at most. */
    static List<UUID> ids(
            Connection connection, UUID statement, DifferenceFilter filter, Optional<UUID> after, int most)
            throws SQLException {
        Where where = fitting(statement, filter).and("m.kind = k.kind").and("m.id > ?", after);
        if (!filter.kind().equals(Optional.of(MatchKind.MATCHED))) {
            // The index of differences does not have what has matched.
            where.and("m.kind <> 'MATCHED'");
        }
        return Sql.list(
                connection,
                IDS.formatted(RESULTS + where),
                row -> row.getObject("id", UUID.class),
                connection.createArrayOf("text", filter.kinds()),
                where,
                most,
                most);
    }

    /** The conditions of the filter but for the kind. */
    private static Where fitting(UUID statement, DifferenceFilter filter) {
        boolean undoing = filter.state().equals(Optional.of(WorkState.REVOCATION_PROPOSED));
        return of(statement)
                .and(undoing ? "a.undoing_by is not null" : "coalesce(a.state, 'OPEN') = ?", filter.state())
                .and("n.assignee = ?", filter.assignee());
    }

    /** All results of a statement are one range of ids. */
    static Where of(UUID statement) {
        ResultIds ids = new ResultIds(statement);
        return new Where().and("m.statement_id = ?", statement).and("m.id between ? and ?", ids.first(), ids.last());
    }

    /** The statement's differences among these ids, in the order of the lines. */
    List<DifferenceView> of(UUID statement, List<UUID> some) {
        return batch.read(Batch.OF_A_REQUEST, connection -> of(connection, statement, some));
    }

    private static List<DifferenceView> of(Connection connection, UUID statement, List<UUID> some) throws SQLException {
        Map<UUID, Difference> judged = new HashMap<>();
        ReadDifferences.each(connection, statement, some, difference -> judged.put(difference.id(), difference));
        Where where = of(statement).and("m.id = any (?)", connection.createArrayOf("uuid", some.toArray()));
        return Sql.list(
                connection,
                RESULTS + where + " order by m.id",
                row -> DifferenceView.of(row, judged.get(row.getObject("id", UUID.class))),
                where);
    }

    /** @throws ProblemException as {@link #page} */
    void requireResults(UUID statement) {
        batch.read(Batch.OF_A_REQUEST, connection -> {
            requireResults(connection, statement);
            return null;
        });
    }

    private static void requireResults(Connection connection, UUID statement) throws SQLException {
        boolean underWay = Sql.first(connection, """
                        select status in ('READING', 'MATCHING') and is_worked_on(id, worked_at) as under_way
                        from statement where id = ?
                        """, row -> row.getBoolean("under_way"), statement)
                .orElseThrow(ProblemException::notFound);
        if (underWay) {
            throw StatementProblem.underWay(
                    "The statement is being read and matched; list its differences after Retry-After seconds.");
        }
    }

    /** One result of a match, as the API tells it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DifferenceView(
            UUID id,
            MatchKind kind,
            Integer line,
            UUID sessionId,
            String taskNo,
            Side ours,
            Side theirs,
            String presumption,
            String detail,
            String detailCode,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> detailParameters,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> cells,
            WorkState state,
            AmountView adjustment,
            AmountView waived,
            String reason,
            String acceptedBy,
            Instant acceptedAt,
            String confirmedBy,
            Instant confirmedAt,
            String revocationProposedBy,
            String note,
            String assignee,
            ByHand matchedByHand) {

        /** One of the two books. */
        @JsonInclude(JsonInclude.Include.NON_NULL)
        record Side(String status, LedgerBasis basis, AmountView amount, Instant at) {}

        /** A match by hand. */
        record ByHand(MatchKind earlierKind, String by, Instant at, String reason) {}

        /** Reads a row of {@link #RESULTS}. */
        static DifferenceView of(ResultSet row, Difference judged) throws SQLException {
            MatchKind kind = MatchKind.valueOf(row.getString("kind"));
            String state = row.getString("state");
            String earlier = row.getString("earlier_kind");
            Optional<BillDetail> detail =
                    Optional.ofNullable(row.getString("detail")).map(BillDetail::of);
            return new DifferenceView(
                    row.getObject("id", UUID.class),
                    kind,
                    row.getObject("line", Integer.class),
                    row.getObject("session_id", UUID.class),
                    row.getString("task_no"),
                    side(row, "ours", "ours_currency"),
                    side(row, "theirs", "bill_currency"),
                    row.getString("presumption"),
                    detail.map(BillDetail::text).orElse(null),
                    detail.map(said -> said.code().code()).orElse(null),
                    detail.map(BillDetail::values).orElse(null),
                    BillLines.cells(row),
                    !kind.isDifference() ? null : state == null ? WorkState.OPEN : WorkState.valueOf(state),
                    adjustment(row, judged),
                    waived(row, judged),
                    row.getString("reason"),
                    row.getString("accepted_by"),
                    Sql.time(row, "accepted_at"),
                    row.getString("confirmed_by"),
                    Sql.time(row, "confirmed_at"),
                    row.getString("undoing_by"),
                    row.getString("note"),
                    row.getString("assignee"),
                    earlier == null
                            ? null
                            : new ByHand(
                                    MatchKind.valueOf(earlier),
                                    row.getString("matched_by"),
                                    Sql.time(row, "matched_at"),
                                    row.getString("match_reason")));
        }

        /** What its acceptance adds, or would add; null when that is nothing. */
        private static AmountView adjustment(ResultSet row, Difference judged) throws SQLException {
            if (row.getString("state") == null) {
                return judged.refusal().isPresent() || judged.adds() == 0
                        ? null
                        : AmountView.of(new Money(judged.adds(), judged.currency()));
            }
            return row.getLong("adjustment") == 0 ? null : AmountView.of(row, "adjustment", "adjustment_currency");
        }

        /** What its acceptance does not pay, or would not; null when that is nothing, or cannot be read. */
        private static AmountView waived(ResultSet row, Difference judged) throws SQLException {
            Optional<Long> waived = row.getString("state") == null
                    ? judged.waives()
                    : Optional.ofNullable(row.getObject("waived", Long.class));
            return waived.filter(units -> units != 0)
                    .map(units -> AmountView.of(new Money(units, judged.currency())))
                    .orElse(null);
        }

        /** Null when this side has nothing of it. */
        private static Side side(ResultSet row, String whose, String currency) throws SQLException {
            String basis = whose.equals("ours") ? row.getString("ours_basis") : null;
            Side side = new Side(
                    row.getString(whose + "_status"),
                    basis == null ? null : LedgerBasis.valueOf(basis),
                    AmountView.of(row, whose + "_amount", currency),
                    Sql.time(row, whose + "_at"));
            return side.status == null && side.amount == null && side.at == null ? null : side;
        }
    }

    /** The claim to the vendor: one row for each difference, with both sides, without notes and assignees. */
    static final class Claim extends PageOrFile.Listing {

        private static final String ROWS = """
                select kind, line, task_no, session_id, ours_status, ours_amount, ours_currency, ours_at,
                       theirs_status, theirs_amount, case when theirs_amount is not null then bill_currency end, theirs_at, detail
                from (%s) difference
                order by array_position(?, kind), id
                """;

        private static final List<Column> COLUMNS = List.of(
                new Column("kind", 24),
                new Column("line", 8),
                new Column("taskNo", 28),
                new Column("sessionId", 38),
                new Column("ourStatus", 16),
                new Column("ourAmount", 12, new AmountColumn(6)),
                new Column("ourCurrency", 12),
                new Column("ourTime", 20, TIME),
                new Column("theirStatus", 16),
                new Column("theirAmount", 12, new AmountColumn(10)),
                new Column("theirCurrency", 12),
                new Column("theirTime", 20, TIME),
                new Column("detail", 48, BillDetail.COLUMN));

        private final UUID statement;
        private final DifferenceFilter filter;
        private List<Sum> sums = List.of();

        private Optional<StatementView> bill = Optional.empty();

        Claim(UUID statement, DifferenceFilter filter, PageOrFile.Order order) {
            super("differences", COLUMNS, order);
            this.statement = statement;
            this.filter = filter;
        }

        @Override
        public String rows(Connection connection) throws SQLException {
            sums = SumDifferences.of(connection, statement, filter);
            bill = StoreStatements.byId(connection, statement);
            Array kinds = connection.createArrayOf("text", filter.kinds());
            Where where = fitting(statement, filter).and("m.kind = any (?)", kinds);
            return Sql.withLiterals(connection, ROWS.formatted(RESULTS + where), where, kinds);
        }

        private static BigDecimal number(AmountView amount) {
            return amount == null ? null : new BigDecimal(amount.value());
        }

        @Override
        public boolean hasCover() {
            return true;
        }

        /** The cover: whose claim it is, of which bill, and its sums by kind, as acceptance would have them. */
        @Override
        public void summarize(Cells cells) {
            // The vendor is told the caller, not the person.
            order.begin(cells, order.by().caller().name());
            order.filter().forEach(cells::row);
            bill.ifPresent(of -> {
                cells.row("fileName", of.fileName());
                cells.row("from", of.from());
                cells.row("to", of.to());
                of.sheetsWithLines()
                        .filter(sheet -> sheet.firstLine() > 1)
                        .forEach(sheet -> cells.row("sheet " + sheet.name(), "from line " + sheet.firstLine()));
            });
            cells.endRow();
            cells.row("kind", "differences", "currency", "ourSum", "theirSum", "adjustment");
            sums.forEach(sum -> sum(sum.kind().name(), sum, sum.ours(), sum.theirs(), cells));
            SumDifferences.totals(sums).forEach(sum -> sum("total", sum, null, null, cells));
        }

        private static void sum(String name, Sum sum, AmountView ours, AmountView theirs, Cells cells) {
            cells.text(name);
            cells.number(BigDecimal.valueOf(sum.count()));
            cells.text(sum.adjustment().currency());
            cells.number(number(ours));
            cells.number(number(theirs));
            cells.number(number(sum.adjustment()));
            cells.endRow();
        }
    }
}
