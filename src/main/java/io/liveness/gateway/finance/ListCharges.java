package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.AmountColumn;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.file.Row;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Lists charges, newest first: by the time of the pre-deduction, or by that of the end when the filter bounds it. See
 * {@code docs/decisions/0011-lists-by-position-in-one-index.md}.
 */
@Singleton
class ListCharges {

    /** Rows of an index that are read for a page at most, whether the other filters fit them or not. */
    static final int MOST_READ = 2_000;

    /** Entries, one for each fee, in the order of {@code moved_at}, with what the other filters say of each: {@code listed}, or null. */
    private static final String READ = """
            select k.session_id as id, k.caller, k.task_no, s.charge_status, b.basis, k.amount, k.currency, k.init_at,
                   s.charge_settled_at, s.reference, k.cost_centre, l.listed
            from (%s) k
            join session_outcome s on s.session_id = k.session_id
            cross join lateral (
                select case when k.kind = 'PRE_DEDUCT' and s.charge_status in ('CHARGED', 'REFUNDED')
                            then (select basis from ledger where session_id = k.session_id and kind in ('CHARGE', 'REFUND'))
                            else k.basis end as basis) b
            -- An entry without a fee is a difference of the books. It is passed over here, where it still counts as read.
            left join lateral (select true as listed %s) l on s.charge_status <> 'NONE'
            order by k.moved_at desc, k.session_id desc
            """;

    /** Selects one entry of each presumed fee: the one that was presumed first. */
    private static final String FIRST_PRESUMED = """
            (kind = 'PRE_DEDUCT' or kind = 'REFUND' and not exists (
                select from ledger p where p.session_id = e.session_id and p.kind = 'PRE_DEDUCT' and p.basis = 'PRESUMED'))""";

    private static final String OF_TASK =
            "session_id = any (array(select session_id from ledger where task_no = ? and kind = 'PRE_DEDUCT'))";

    private final Batch batch;

    ListCharges(Batch batch) {
        this.batch = batch;
    }

    /** @param after the session that the page before ended with */
    Page<ChargeView> page(ChargeFilter filter, Optional<UUID> after, int size) {
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            try (PreparedStatement read = page(connection, filter, after)) {
                // One row more than the page has shows whether another page follows. Most pages read no further.
                read.setFetchSize(size + 1);
                try (ResultSet rows = read.executeQuery()) {
                    return page(rows, filter, size);
                }
            }
        });
    }

    private static Page<ChargeView> page(ResultSet rows, ChargeFilter filter, int size) throws SQLException {
        List<ChargeView> listed = new ArrayList<>();
        UUID last = null;
        int read = 0;
        boolean more = false;
        while (!more && rows.next()) {
            boolean isListed = rows.getBoolean("listed");
            more = isListed && listed.size() == size;
            if (!more) {
                if (isListed) {
                    listed.add(ChargeView.of(rows));
                }
                last = rows.getObject("id", UUID.class);
                read++;
            }
        }
        String next = more || read == MOST_READ ? new PageToken(last).encode(List.of(filter.text())) : null;
        return new Page<>(listed, next);
    }

    static PreparedStatement page(Connection connection, ChargeFilter filter, Optional<UUID> after)
            throws SQLException {
        setting(connection, filter);
        Where found = found(filter, after);
        Where listed = listed(filter);
        return Sql.prepare(connection, read(filter, found, listed, String.valueOf(MOST_READ)), found, listed);
    }

    /** The query for all charges that the filter fits, in their order. */
    private static String whole(Connection connection, ChargeFilter filter) throws SQLException {
        setting(connection, filter);
        Where found = found(filter, Optional.empty());
        Where listed = listed(filter);
        String all = "select * from (" + read(filter, found, listed, "all") + ") c where listed";
        return Sql.withLiterals(connection, all, found, listed);
    }

    private static void setting(Connection connection, ChargeFilter filter) throws SQLException {
        // The ends are sorted in any case: with a sort in each plan that is off, the planner joins all sessions with
        // all ends.
        if (!filter.isOfFew() && !isByCaller(filter)) {
            // In the order of an index a file of 500,000 begins after 1 ms; sorted, after 4 s.
            Sql.execute(connection, "set local enable_sort = off");
        }
    }

    private static String read(ChargeFilter filter, Where found, Where listed, String most) {
        return READ.formatted(isByCaller(filter) ? ends(filter, found, most) : entries(filter, found, most), listed);
    }

    private static String entries(ChargeFilter filter, Where found, String most) {
        return "select e.*, " + (filter.ended().isBounded() ? "recorded_at" : "init_at")
                + " as moved_at from ledger e\n" + found + " order by moved_at desc, session_id desc limit "
                + most;
    }

    /** The last charges and the last refunds of each caller, in the index alone, and then the entries of the last ones of all. */
    private static String ends(ChargeFilter filter, Where found, String most) {
        String last = " order by recorded_at desc, session_id desc limit " + most;
        return """
                select e.*, e.recorded_at as moved_at
                from (
                    select last.* from (values ('CHARGE', 'CHARGED'), ('REFUND', 'REFUNDED')) made (kind, status)
                """
                + (filter.caller().isPresent() ? "" : "cross join callers() c (caller)\n")
                + "cross join lateral (select session_id, recorded_at from ledger " + found + last + ") last"
                + last + """
                ) n
                join ledger e on e.session_id = n.session_id and e.kind in ('CHARGE', 'REFUND')""";
    }

    /** Whether the ends that fit are in the index of ends alone, which has them by caller and kind. */
    private static boolean isByCaller(ChargeFilter filter) {
        return filter.ended().isBounded() && !filter.isOfFew() && !filter.isPresumed();
    }

    /** What entries are found by. */
    static Where found(ChargeFilter filter, Optional<UUID> after) {
        boolean ended = filter.ended().isBounded();
        ChargeFilter.Span span = ended ? filter.ended() : filter.opened();
        String at = ended ? "recorded_at" : "init_at";
        String kind = ended ? "kind in ('CHARGE', 'REFUND')" : "kind = 'PRE_DEDUCT'";
        Where where = new Where()
                .and(filter.isPresumed() && !ended ? FIRST_PRESUMED : kind)
                .and("caller = ?", filter.caller())
                .and("session_id = ?", filter.session())
                .and(OF_TASK, filter.taskNo())
                .and(at + " >= ?", span.from())
                .and(at + " < ?", span.to());
        if (filter.isPresumed()) {
            where.and("basis = 'PRESUMED'");
        }
        if (filter.isOpen()) {
            where.and("session_id = any (array(select session_id from unsettled))");
        }
        if (isByCaller(filter)) {
            where.and("kind = made.kind").and("made.status = ?", filter.status());
            if (filter.caller().isEmpty()) {
                where.and("caller = c.caller");
            }
        }
        if (after.isPresent()) {
            Where last = new Where().and("session_id = ?", after).and(kind).and("caller = ?", filter.caller());
            where.and(
                    "(" + at + ", session_id) < (coalesce((select " + at + " from ledger " + last
                            + "), 'infinity'), ?)",
                    last,
                    after);
        }
        return where;
    }

    /** What each of them is looked at for. */
    private static Where listed(ChargeFilter filter) {
        return new Where()
                .and("s.charge_status = ?", filter.status())
                .and("b.basis = ?", filter.basis())
                .and("k.cost_centre = ?", filter.costCentre())
                .and("k.init_at >= ?", filter.opened().from())
                .and("k.init_at < ?", filter.opened().to());
    }

    /** The fee of a session as finance and its caller see it; what is not known is left out. */
    @RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(
            UUID sessionId,
            String caller,
            String taskNo,
            FeeStatus status,
            LedgerBasis basis,
            AmountView amount,
            Instant openedAt,
            Instant settledAt,
            String reference,
            String costCentre) {

        /** Reads a row of {@link #READ}. */
        static ChargeView of(ResultSet row) throws SQLException {
            String basis = row.getString("basis");
            return new ChargeView(
                    row.getObject("id", UUID.class),
                    row.getString("caller"),
                    row.getString("task_no"),
                    FeeStatus.valueOf(row.getString("charge_status")),
                    basis == null ? null : LedgerBasis.valueOf(basis),
                    AmountView.of(row, "amount", "currency"),
                    Sql.time(row, "init_at"),
                    Sql.time(row, "charge_settled_at"),
                    row.getString("reference"),
                    row.getString("cost_centre"));
        }

        /** The text leaves out the caller's reference. */
        @Override
        public String toString() {
            return "Charge[" + sessionId + " " + status + "]";
        }
    }

    /** Charges, one row each, in the columns of the API; on the second sheet the exporter, the filter, and their sums. */
    static final class AsFile extends PageOrFile.Listing {

        private static final int STATUS = 3;
        private static final int FEE = 5;
        private static final int CURRENCY = 6;
        /** The columns are in the order of {@link #READ}. */
        private static final List<Column> COLUMNS = List.of(
                new Column("sessionId", 38),
                new Column("caller", 24),
                new Column("taskNo", 28),
                new Column("status", 16),
                new Column("basis", 12),
                new Column("amount", 12, new AmountColumn(CURRENCY)),
                new Column("currency", 10),
                new Column("openedAt", 20, TIME),
                new Column("settledAt", 20, TIME),
                new Column("reference", 24),
                new Column("costCentre", 20));

        private final ChargeFilter filter;
        private final SortedMap<String, Map<FeeStatus, Figure>> sums = new TreeMap<>();

        AsFile(ChargeFilter filter, PageOrFile.Order order) {
            super("charges", COLUMNS, order);
            this.filter = filter;
        }

        @Override
        public String rows(Connection connection) throws SQLException {
            return whole(connection, filter);
        }

        @Override
        public void write(Row row, Cells cells) {
            super.write(row, cells);
            sums.computeIfAbsent(row.text(CURRENCY), any -> new EnumMap<>(FeeStatus.class))
                    .merge(FeeStatus.valueOf(row.text(STATUS)), new Figure(1, row.number(FEE)), Figure::plus);
        }

        @Override
        public void summarize(Cells cells) {
            order.begin(cells, order.by().actor());
            cells.endRow();
            cells.row("filter", order.filter().isEmpty() ? "none" : null);
            order.filter().forEach(cells::row);
            cells.endRow();
            cells.row("status", "currency", "count", "amount");
            sums.forEach((currency, byStatus) -> {
                byStatus.forEach((status, sum) -> line(cells, status.name(), currency, sum));
                line(cells, "total", currency, byStatus.values().stream().reduce(Figure.NONE, Figure::plus));
            });
        }

        private static void line(Cells cells, String status, String currency, Figure sum) {
            cells.text(status);
            cells.text(currency);
            cells.number(BigDecimal.valueOf(sum.count()));
            cells.number(new Money(sum.amount(), currency).amount());
            cells.endRow();
        }
    }
}
