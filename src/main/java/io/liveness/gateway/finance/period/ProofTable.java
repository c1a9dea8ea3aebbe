package io.liveness.gateway.finance.period;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.summary.Figure;
import io.liveness.gateway.finance.summary.Sums;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Table;
import io.liveness.gateway.platform.postgres.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The rows of the ledger behind a month, and their sums. Their form as text, see {@code docs/finance.md}, never changes: the hashes of
 * closed months are of it.
 */
final class ProofTable implements Table<ProofTable.Row> {

    // For its sort of a million rows. Compiling the query takes longer than it saves.
    private static final String SETTINGS = "set local work_mem = '64MB'; set local jit = off";

    /** A fee has its pre-deduction and its end, in the month of the pre-deduction. An adjustment is in the month that it counts in. */
    private static final String ROWS = """
            with fee as not materialized (
                select init_at, id, caller, cost_centre from liveness_session
                where fee_amount is not null and init_at >= ? and init_at < ?
            )
            select 1 as part, fee.init_at as at, fee.id as fee, fee.init_at, e.session_id, fee.caller, fee.cost_centre,
                   e.id, e.kind, e.task_no, e.basis, e.amount * 10000 + e.fraction as units, e.currency, e.recorded_at, e.of_month
            from fee join ledger_entry e on e.session_id = fee.id and e.kind = 'PRE_DEDUCT'
            union all
            select 1, fee.init_at, fee.id, fee.init_at, e.session_id, fee.caller, fee.cost_centre,
                   e.id, e.kind, e.task_no, e.basis, e.amount * 10000 + e.fraction as units, e.currency, e.recorded_at, e.of_month
            from fee join ledger_entry e on e.session_id = fee.id and e.kind in ('CHARGE', 'REFUND')
            union all
            select 2, e.recorded_at, null, s.init_at, e.session_id, s.caller, s.cost_centre,
                   e.id, e.kind, e.task_no, e.basis, e.amount * 10000 + e.fraction as units, e.currency, e.recorded_at, e.of_month
            from ledger_entry e left join liveness_session s on s.id = e.session_id
            where e.kind = 'ADJUSTMENT' and coalesce(e.counted_at, e.recorded_at) >= ? and coalesce(e.counted_at, e.recorded_at) < ?
            order by part, at, fee, id
            """;

    private static final List<Column> COLUMNS = List.of(
            new Column("entry", 12),
            new Column("kind", 12),
            new Column("sessionId", 38),
            new Column("caller", 24),
            new Column("costCentre", 20),
            new Column("taskNo", 28),
            new Column("basis", 12),
            new Column("amount", 12),
            new Column("currency", 10),
            new Column("openedAt", 28),
            new Column("recordedAt", 28),
            new Column("ofMonth", 10));

    private final Month month;
    private final Map<String, Map<Kind, Figure>> figures = new HashMap<>();
    private long rows;

    ProofTable(Month month) {
        this.month = month;
    }

    /** The kinds of entries. */
    enum Kind {
        PRE_DEDUCT,
        CHARGE,
        REFUND,
        ADJUSTMENT
    }

    /**
     * An entry of the ledger, and the fee that it is of. What is unknown is null.
     *
     * @param session null for an adjustment by a line of a statement that is of no session
     * @param opened when the fee was pre-deducted; null for an adjustment whose session is not there
     * @param ofMonth that an adjustment corrects, when it was closed before
     */
    record Row(
            long entry,
            Kind kind,
            String session,
            String caller,
            String costCentre,
            String taskNo,
            String basis,
            Money amount,
            Instant opened,
            Instant recorded,
            String ofMonth) {}

    @Override
    public String name() {
        return "proof";
    }

    @Override
    public String fileName(String madeAt) {
        return "proof-" + month.name();
    }

    @Override
    public String description() {
        return "month=" + month.name();
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public PreparedStatement rows(Connection connection) throws SQLException {
        Sql.execute(connection, SETTINGS);
        return Sql.prepare(connection, ROWS, month.from(), month.to(), month.from(), month.to());
    }

    @Override
    public Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                Kind.valueOf(row.getString("kind")),
                row.getString("session_id"),
                row.getString("caller"),
                row.getString("cost_centre"),
                row.getString("task_no"),
                row.getString("basis"),
                new Money(row.getLong("units"), row.getString("currency")),
                Sql.time(row, "init_at"),
                Sql.time(row, "recorded_at"),
                row.getString("of_month"));
    }

    @Override
    public void write(Row row, Cells cells) {
        cells.number(BigDecimal.valueOf(row.entry()), 0);
        cells.text(row.kind().name());
        cells.text(row.session());
        cells.text(row.caller());
        cells.text(row.costCentre());
        cells.text(row.taskNo());
        cells.text(row.basis());
        cells.text(row.amount().decimal());
        cells.text(row.amount().currency());
        cells.time(row.opened());
        cells.time(row.recorded());
        cells.text(row.ofMonth());
        cells.endRow();
        rows++;
        figures.computeIfAbsent(row.amount().currency(), any -> new EnumMap<>(Kind.class))
                .merge(row.kind(), new Figure(1, row.amount().units()), Figure::plus);
    }

    @Override
    public void summarize(Cells cells) {
        // A proof is its rows.
    }

    /** How many were written. */
    long rows() {
        return rows;
    }

    /**
     * Whether the sums of the rows that were written equal the summary of the sessions, and every fee has ended: pre-deductions = charges +
     * refunds.
     *
     * @param sums by currency
     */
    boolean agreesWith(SortedMap<String, Sums> sums) {
        return sums.keySet().equals(figures.keySet())
                && sums.entrySet().stream().allMatch(sum -> agrees(sum.getValue(), figures.get(sum.getKey())));
    }

    private static boolean agrees(Sums sums, Map<Kind, Figure> ledger) {
        return of(Kind.PRE_DEDUCT, ledger).equals(sums.preDeducted())
                && of(Kind.CHARGE, ledger).equals(sums.charged())
                && of(Kind.REFUND, ledger).equals(sums.refunded())
                && of(Kind.ADJUSTMENT, ledger).equals(sums.adjusted())
                && sums.charged().plus(sums.refunded()).equals(sums.preDeducted());
    }

    private static Figure of(Kind kind, Map<Kind, Figure> ledger) {
        return ledger.getOrDefault(kind, Figure.NONE);
    }
}
