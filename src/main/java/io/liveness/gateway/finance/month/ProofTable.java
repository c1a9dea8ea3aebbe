package io.liveness.gateway.finance.month;

import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.finance.Sums;
import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.finance.Sums.Standing;
import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.file.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows of the ledger behind a month, who closed it in spite of what, and the sums of the rows. Their form as text, see {@code docs/finance.md}, never changes: the hashes of
 * closed months are of it.
 */
final class ProofTable extends MonthTable {

    /**
     * A fee has its pre-deduction and its end, in the month of the pre-deduction. An adjustment is in the month that it counts in. What two
     * people closed the month in spite of stands behind these, with both.
     */
    private static final String ROWS = """
            with month as not materialized (
                select ?::timestamptz as from_at, ?::timestamptz as to_at
            ), approved as (
                select findings, proposed_at, proposed_by, proposed_person, proposed_reason,
                       confirmed_at, confirmed_by, confirmed_person
                from period where month = ? and confirmed_at is not null
            )
            select id, kind, session_id, caller, cost_centre, task_no, basis, amount, currency, init_at, recorded_at, of_month,
                   code, count, detail, by, issuer, subject, name, reason
            from (
                select 1 as part, e.init_at as at, e.session_id as fee, e.id as nth, e.id, e.kind, e.session_id, e.caller, e.cost_centre,
                       e.task_no, e.basis, e.amount, e.currency, e.init_at, e.recorded_at, e.of_month,
                       null as code, null as count, null as detail, null as by, null as issuer, null as subject,
                       null as name, null as reason
                from month join ledger e on e.kind = 'PRE_DEDUCT' and e.init_at >= month.from_at and e.init_at < month.to_at
                union all
                select 1, e.init_at, e.session_id, e.id, e.id, e.kind, e.session_id, e.caller, e.cost_centre,
                       e.task_no, e.basis, e.amount, e.currency, e.init_at, e.recorded_at, e.of_month,
                       null, null, null, null, null, null, null, null
                from month join ledger e on e.kind in ('CHARGE', 'REFUND') and e.caller = any (array(select callers()))
                    and e.init_at >= month.from_at and e.init_at < month.to_at
                union all
                select 2, e.recorded_at, null, e.id, e.id, e.kind, e.session_id, s.caller, s.cost_centre,
                       e.task_no, e.basis, e.amount, e.currency, s.init_at, e.recorded_at, e.of_month,
                       null, null, null, null, null, null, null, null
                from month join ledger e on e.kind = 'ADJUSTMENT'
                    and coalesce(e.counted_at, e.recorded_at) >= month.from_at and coalesce(e.counted_at, e.recorded_at) < month.to_at
                left join session_outcome s on s.session_id = e.session_id
                union all
                select 3, null, null, finding.nth, null, 'FINDING', null, null, null, null, null, null, null, null, null, null,
                       one ->> 'code', one ->> 'count', one ->> 'detail', null, null, null, null, null
                from approved cross join jsonb_array_elements(findings) with ordinality finding (one, nth)
                union all
                select 4, null, null, null, null, 'CLOSE_PROPOSED', null, null, null, null, null, null, null, null, proposed_at, null,
                       null, null, null, proposed_by, proposed_person ->> 'issuer', proposed_person ->> 'subject', proposed_person ->> 'name',
                       proposed_reason
                from approved
                union all
                select 5, null, null, null, null, 'CLOSE_CONFIRMED', null, null, null, null, null, null, null, null, confirmed_at, null,
                       null, null, null, confirmed_by, confirmed_person ->> 'issuer', confirmed_person ->> 'subject', confirmed_person ->> 'name', null
                from approved
            ) entry
            order by part, at, fee, nth
            """;

    /** An amount in files of lines: a text, since readers of JSON take numbers for inexact ones. */
    static final Form AMOUNT = (row, column, cells) ->
            cells.text(row.text(column) == null ? null : new Money(row.number(column), row.text(column + 1)).decimal());

    /** The fields of a line, in the order of the query. */
    private static final List<Column> COLUMNS = List.of(
            new Column("entry", 0, NUMBER),
            new Column("kind", 0),
            new Column("sessionId", 0),
            new Column("caller", 0),
            new Column("costCentre", 0),
            new Column("taskNo", 0),
            new Column("basis", 0),
            new Column("amount", 0, AMOUNT),
            new Column("currency", 0),
            new Column("openedAt", 0, TIME),
            new Column("recordedAt", 0, TIME),
            new Column("ofMonth", 0),
            new Column("code", 0),
            new Column("count", 0, NUMBER),
            new Column("detail", 0),
            new Column("by", 0),
            new Column("issuer", 0),
            new Column("subject", 0),
            new Column("name", 0),
            new Column("reason", 0));

    private static final int KIND = 1;
    private static final int BASIS = 6;
    private static final int AMOUNT_COLUMN = 7;
    private static final int CURRENCY = 8;

    private final Month month;
    private final SortedMap<String, Sums> sums = new TreeMap<>();
    private final Map<String, Figure> preDeducted = new HashMap<>();
    private long rows;

    ProofTable(Month month) {
        super("proof", month.name(), COLUMNS);
        this.month = month;
    }

    @Override
    public String rows(Connection connection) throws SQLException {
        return query(connection, ROWS, month.from(), month.to(), month.name().toString());
    }

    @Override
    public void write(Row row, Cells cells) {
        super.write(row, cells);
        rows++;
        String currency = row.text(CURRENCY);
        if (currency == null) {
            return;
        }
        Figure figure = new Figure(1, row.number(AMOUNT_COLUMN));
        Sums ofCurrency = sums.computeIfAbsent(currency, any -> new Sums());
        switch (row.text(KIND)) {
            case "PRE_DEDUCT" -> preDeducted.merge(currency, figure, Figure::plus);
            case "CHARGE" -> ofCurrency.add(Standing.CHARGED, figure);
            case "REFUND" ->
                ofCurrency.add("PRESUMED".equals(row.text(BASIS)) ? Standing.PRESUMED : Standing.REFUNDED, figure);
            default -> ofCurrency.add(Standing.ADJUSTMENT, figure);
        }
    }

    /** How many rows were written. */
    long rows() {
        return rows;
    }

    /** The sums of the rows that were written, by currency. */
    SortedMap<String, Sums> sums() {
        return sums;
    }

    /** Whether every fee that was written has ended, with its amount: pre-deductions = charges + refunds. */
    boolean isBalanced() {
        return sums.entrySet().stream()
                .allMatch(sum -> preDeducted
                        .getOrDefault(sum.getKey(), Figure.NONE)
                        .equals(sum.getValue().preDeducted()));
    }
}
