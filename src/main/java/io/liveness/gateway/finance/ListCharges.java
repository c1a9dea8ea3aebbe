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

    /** As many rows of an index are read for a page, whether the other filters fit them or not. */
    static final int MOST_READ = 2_000;

    /**
     * The list along {@code fees}: an entry of the ledger for each, in the order of {@code moved_at}. A null in {@code f} selects all. The
     * ends of fees and their sessions are read one by one, in this order.
     */
    private static final String READ = """
            select k.session_id as id, k.caller, k.task_no, s.charge_status, b.basis, k.amount as fee_amount, k.currency as fee_currency,
                   k.init_at, s.charge_settled_at, s.reference, k.cost_centre,
                   (f.status is null or s.charge_status = f.status) and (f.basis is null or b.basis = f.basis)
                       and (f.cost_centre is null or k.cost_centre = f.cost_centre)
                       and (f.opened_from is null or k.init_at >= f.opened_from)
                       and (f.opened_to is null or k.init_at < f.opened_to) as listed
            from (select ?::text as caller, ?::text as cost_centre, ?::text as status, ?::text as basis, ?::uuid as session,
                         ?::text as task_no, ?::timestamptz as from_at, ?::timestamptz as to_at, ?::timestamptz as opened_from,
                         ?::timestamptz as opened_to, ?::boolean as open, ?::uuid as after, ?::bigint as most) f
            cross join lateral (
            fees
            ) k
            cross join lateral (
                select charge_status, charge_settled_at, reference from liveness_session where id = k.session_id offset 0) s
            left join lateral (
                select e.basis from ledger_entry e
                where e.session_id = k.session_id and e.kind in ('CHARGE', 'REFUND') and k.kind = 'PRE_DEDUCT' offset 0) ending on true
            cross join lateral (
                select case when k.kind = 'PRE_DEDUCT' and s.charge_status in ('CHARGED', 'REFUNDED') then ending.basis
                            else k.basis end as basis) b
            order by k.moved_at desc, k.session_id desc
            """;

    private static final String OPENED = """
            select e.*
            from ledger_entry e
            where e.kind = 'PRE_DEDUCT'
              and (f.caller is null or e.caller = f.caller)
              and (f.session is null or e.session_id = f.session)
              and (f.task_no is null or e.task_no = f.task_no)
              and (not f.open or e.session_id = any (array(select session_id from session_schedule)))
              and (f.from_at is null or e.init_at >= f.from_at)
              and (f.to_at is null or e.init_at < f.to_at)
              and (f.after is null or (e.init_at, e.session_id) < (coalesce((
                   select p.init_at from ledger_entry p
                   where p.session_id = f.after and p.kind = 'PRE_DEDUCT' and (f.caller is null or p.caller = f.caller)),
                   'infinity'), f.after))
            order by e.init_at desc, e.session_id desc
            limit f.most
            """;

    /** Of each fee the entry that was presumed first. */
    private static final String OPENED_PRESUMED = OPENED.replace("e.kind = 'PRE_DEDUCT'\n", """
            e.basis = 'PRESUMED' and (e.kind = 'PRE_DEDUCT' or e.kind = 'REFUND' and not exists (
                  select from ledger_entry p where p.session_id = e.session_id and p.kind = 'PRE_DEDUCT' and p.basis = 'PRESUMED'))
            """);

    private static final String FITTING_END = """
            e.kind in ('CHARGE', 'REFUND')
              and (f.caller is null or e.caller = f.caller)
              and (f.session is null or e.session_id = f.session)
              and (f.task_no is null or e.session_id = any (array(
                   select p.session_id from ledger_entry p where p.task_no = f.task_no and p.kind = 'PRE_DEDUCT')))
              and (f.from_at is null or e.recorded_at >= f.from_at)
              and (f.to_at is null or e.recorded_at < f.to_at)
              and (f.after is null or (e.recorded_at, e.session_id) < (coalesce((
                   select p.recorded_at from ledger_entry p
                   where p.session_id = f.after and p.kind in ('CHARGE', 'REFUND') and (f.caller is null or p.caller = f.caller)),
                   'infinity'), f.after))
            order by e.recorded_at desc, e.session_id desc
            limit f.most
            """;

    /** The last of the charges and of the refunds of each caller, in the index alone, and then the entries of the last ones. */
    private static final String ENDED = """
            select n.session_id, n.recorded_at, e.kind, e.caller, e.task_no, e.basis, e.amount, e.currency, e.init_at, e.cost_centre
            from (
                select e.session_id, e.recorded_at
                from unnest(case when f.caller is null then array(select callers()) else array[f.caller] end) c (caller)
                join (values ('CHARGE', 'CHARGED'), ('REFUND', 'REFUNDED')) made (kind, status)
                    on f.status is null or f.status = made.status
                cross join lateral (
                    select e.session_id, e.recorded_at
                    from ledger_entry e
                    where e.caller = c.caller and e.kind = made.kind and
            """ + FITTING_END + """
                ) e
                order by e.recorded_at desc, e.session_id desc
                limit f.most) n
            cross join lateral (
                select * from ledger_entry where session_id = n.session_id and kind in ('CHARGE', 'REFUND') offset 0) e
            """;

    /** Of a session or a task number. */
    private static final String ENDED_ONE = """
            select e.*
            from ledger_entry e
            where
            """ + FITTING_END;

    private static final String ENDED_PRESUMED = """
            select e.*
            from ledger_entry e
            where e.basis = 'PRESUMED' and
            """ + FITTING_END;

    private static final String WHOLE = """
            select id, caller, task_no, charge_status, basis, fee_amount, fee_currency, init_at, charge_settled_at, reference, cost_centre
            from (%s) c where listed
            """;

    // Entries are read in the order of an index, few or many, and no session comes twice. Workers would read them in no
    // order, and a file would wait until all are sorted.
    private static final String SETTINGS = "set local enable_bitmapscan = off; set local enable_memoize = off;"
            + " set local max_parallel_workers_per_gather = 0";

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
        Sql.execute(connection, SETTINGS);
        return Sql.prepare(connection, read(filter), parameters(filter, after, Optional.of(MOST_READ)));
    }

    /** The query for all charges that the filter fits, in their order. */
    private static String whole(Connection connection, ChargeFilter filter) throws SQLException {
        Sql.execute(connection, SETTINGS);
        return Sql.withLiterals(
                connection, WHOLE.formatted(read(filter)), parameters(filter, Optional.empty(), Optional.empty()));
    }

    private static String read(ChargeFilter filter) {
        if (!filter.ended().isBounded()) {
            return along(filter.isPresumed() ? OPENED_PRESUMED : OPENED, "init_at");
        }
        if (filter.session().isPresent() || filter.taskNo().isPresent()) {
            return along(ENDED_ONE, "recorded_at");
        }
        return along(filter.isPresumed() ? ENDED_PRESUMED : ENDED, "recorded_at");
    }

    private static String along(String fees, String movedAt) {
        return READ.replace("fees", fees).replace("moved_at", movedAt);
    }

    private static Object[] parameters(ChargeFilter filter, Optional<UUID> after, Optional<Integer> limit) {
        ChargeFilter.Span span = filter.ended().isBounded() ? filter.ended() : filter.opened();
        return new Object[] {
            filter.caller(),
            filter.costCentre(),
            filter.status(),
            filter.basis(),
            filter.session(),
            filter.taskNo(),
            span.from(),
            span.to(),
            filter.opened().from(),
            filter.opened().to(),
            filter.isOpen(),
            after,
            limit
        };
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

        /** Of a row of {@link #READ}. */
        static ChargeView of(ResultSet row) throws SQLException {
            String basis = row.getString("basis");
            return new ChargeView(
                    row.getObject("id", UUID.class),
                    row.getString("caller"),
                    row.getString("task_no"),
                    FeeStatus.valueOf(row.getString("charge_status")),
                    basis == null ? null : LedgerBasis.valueOf(basis),
                    AmountView.of(row, "fee_amount", "fee_currency"),
                    Sql.time(row, "init_at"),
                    Sql.time(row, "charge_settled_at"),
                    row.getString("reference"),
                    row.getString("cost_centre"));
        }

        /** Without the caller's reference. */
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
        /** In the order of {@link #whole}. */
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
