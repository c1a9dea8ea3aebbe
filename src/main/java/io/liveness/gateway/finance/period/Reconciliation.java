package io.liveness.gateway.finance.period;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Table;
import io.liveness.gateway.platform.postgres.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Our charges of a month with their corrections beside the charges of its bills: a row for each kind of result, a total for each currency,
 * and the bills with their invoices. Charges + corrections - bill is the difference, which the rows explain.
 */
final class Reconciliation implements Table<Reconciliation.Row> {

    static final String TOTAL = "TOTAL";
    static final String STATEMENT = "STATEMENT";

    private static final String SETTINGS = "set local work_mem = '64MB'; set local jit = off";

    /**
     * A fee is of the time of its pre-deduction, a line of that of its fee, or else of its own within the period of the bill. A fee with
     * several results counts by the one of a line; so does what was accepted of it. A line that differs by amount and status has two
     * results and counts once. Bills of the days around the month may have fees of it. All results of a bill are one range of ids.
     */
    private static final String ROWS = """
            with month as (
                select ?::text as name, ?::timestamptz as from_at, ?::timestamptz as to_at
            ), counting as (
                select t.*, coalesce(t.period_from, t.first_at) as begins,
                       coalesce(t.period_to, t.last_at + interval '1 second') as ends, left(replace(t.id::text, '-', ''), 22) as ids
                from statement t where t.status = 'DONE' and not t.dry_run
            ), result as materialized (
                select m.session_id, m.statement_id, m.line, m.kind, b.currency,
                       case m.theirs_status when 'CHARGED' then m.theirs_amount else 0 end as theirs
                from month
                join counting b on b.begins < month.to_at + interval '1 day' and b.ends > month.from_at - interval '1 day'
                join statement_match m on m.statement_id = b.id
                    and m.id between (b.ids || '0000000000')::uuid and (b.ids || 'ffffffffff')::uuid
                cross join lateral (
                    select case when m.session_id is not null then m.ours_at
                                else least(greatest(coalesce(m.theirs_at, b.begins), b.period_from),
                                           b.period_to - interval '1 microsecond') end as at) of
                where of.at >= month.from_at and of.at < month.to_at
            ), judged as materialized (
                select distinct on (session_id) session_id, kind from result where session_id is not null
                order by session_id, line is null, kind = 'DUPLICATE_LINE', kind
            ), part as (
                select s.fee_currency as currency, coalesce(j.kind, 'NO_RESULT') as result, count(*) as fees,
                       sum(case s.charge_status when 'CHARGED' then s.fee_amount * 10000 + s.fee_fraction else 0 end) as charges,
                       0 as corrections, 0 as corrected_later, 0 as of_others, 0 as lines, 0 as bill
                from month
                join liveness_session s on s.fee_amount is not null and s.init_at >= month.from_at and s.init_at < month.to_at
                left join judged j on j.session_id = s.id
                group by 1, 2
                union all
                select e.currency, coalesce(j.kind, a.kind, 'NO_RESULT'), 0, 0,
                       sum(e.amount * 10000 + e.fraction) filter (where e.of_month is null),
                       sum(e.amount * 10000 + e.fraction) filter (where e.of_month = month.name),
                       sum(e.amount * 10000 + e.fraction) filter (where e.of_month <> month.name), 0, 0
                from month
                join ledger_entry e on e.kind = 'ADJUSTMENT' and (e.of_month = month.name
                    or coalesce(e.counted_at, e.recorded_at) >= month.from_at and coalesce(e.counted_at, e.recorded_at) < month.to_at)
                left join statement_acceptance a on a.id = e.acceptance_id
                left join judged j on j.session_id = e.session_id
                    and coalesce(a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS'), true)
                group by 1, 2
                union all
                select l.currency, l.kind, 0, 0, 0, 0, 0, count(*), sum(l.theirs)
                from (select distinct on (statement_id, line) * from result where line is not null order by statement_id, line, kind) l
                group by 1, 2
            ), bill as (
                select b.* from counting b, month where b.begins < month.to_at and b.ends > month.from_at and b.begins < b.ends
            )
            select 1 as nth, currency, result, sum(fees)::bigint as fees, sum(charges)::bigint as charges,
                   coalesce(sum(corrections), 0)::bigint as corrections, coalesce(sum(corrected_later), 0)::bigint as corrected_later,
                   coalesce(sum(of_others), 0)::bigint as of_others, sum(lines)::bigint as lines, sum(bill)::bigint as bill,
                   null::bigint as invoice, null::uuid as statement_id, null::text as file_name,
                   null::timestamptz as begins, null::timestamptz as ends
            from part group by currency, result
            union all
            select 2, currency, 'TOTAL', sum(fees)::bigint, sum(charges)::bigint,
                   coalesce(sum(corrections), 0)::bigint, coalesce(sum(corrected_later), 0)::bigint,
                   coalesce(sum(of_others), 0)::bigint, sum(lines)::bigint, sum(bill)::bigint,
                   (select case when bool_and(b.invoice is not null and b.begins >= month.from_at and b.ends <= month.to_at)
                                then sum(b.invoice) end
                    from bill b, month where b.currency = part.currency)::bigint, null, null, null, null
            from part group by currency
            union all
            select 3, currency, 'STATEMENT', 0, 0, 0, 0, 0, lines, coalesce(charged_read, 0), invoice, id, file_name, begins, ends from bill
            order by nth, currency, begins, statement_id, result
            """;

    private static final List<Column> COLUMNS = List.of(
            new Column("currency", 10),
            new Column("result", 24),
            new Column("fees", 10),
            new Column("charges", 14),
            new Column("corrections", 14),
            new Column("correctedLater", 14),
            new Column("lines", 10),
            new Column("bill", 14),
            new Column("difference", 14),
            new Column("correctionsOfOtherMonths", 14),
            new Column("invoice", 14),
            new Column("statementId", 38),
            new Column("fileName", 24),
            new Column("from", 20),
            new Column("to", 20));

    private final Month month;

    Reconciliation(Month month) {
        this.month = month;
    }

    /**
     * Sums of a kind of result, of a currency, or of a bill. What a bill has is null elsewhere.
     *
     * @param result its kind, {@code NO_RESULT}, {@link #TOTAL} or {@link #STATEMENT}
     * @param corrections that count in the month
     * @param correctedLater corrections of the closed month, which count in later ones
     * @param ofOthers corrections that count in the month and are of closed ones before
     * @param bill charges of its lines; of a STATEMENT those of all its lines
     * @param invoice in total null unless each bill lies in the month and has one
     */
    record Row(
            String currency,
            String result,
            long fees,
            Money charges,
            Money corrections,
            Money correctedLater,
            Money ofOthers,
            long lines,
            Money bill,
            Money invoice,
            UUID statement,
            String fileName,
            Instant from,
            Instant to) {

        Money difference() {
            return new Money(charges.units() + corrections.units() + correctedLater.units() - bill.units(), currency);
        }

        private boolean isStatement() {
            return result.equals(STATEMENT);
        }
    }

    /** All of them. */
    List<Row> read(Connection connection) throws SQLException {
        try (PreparedStatement statement = rows(connection);
                ResultSet rows = statement.executeQuery()) {
            List<Row> all = new ArrayList<>();
            while (rows.next()) {
                all.add(read(rows));
            }
            return all;
        }
    }

    @Override
    public String name() {
        return "reconciliation";
    }

    @Override
    public String fileName(String madeAt) {
        return name() + "-" + month.name() + "-" + madeAt;
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
        return Sql.prepare(connection, ROWS, month.name().toString(), month.from(), month.to());
    }

    @Override
    public Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getString("currency"),
                row.getString("result"),
                row.getLong("fees"),
                money(row, "charges"),
                money(row, "corrections"),
                money(row, "corrected_later"),
                money(row, "of_others"),
                row.getLong("lines"),
                money(row, "bill"),
                money(row, "invoice"),
                row.getObject("statement_id", UUID.class),
                row.getString("file_name"),
                Sql.time(row, "begins"),
                Sql.time(row, "ends"));
    }

    private static Money money(ResultSet row, String column) throws SQLException {
        Long amount = row.getObject(column, Long.class);
        return amount == null ? null : new Money(amount, row.getString("currency"));
    }

    @Override
    public void write(Row row, Cells cells) {
        boolean sums = !row.isStatement();
        cells.text(row.currency());
        cells.text(row.result());
        number(cells, sums ? BigDecimal.valueOf(row.fees()) : null);
        amount(cells, sums ? row.charges() : null);
        amount(cells, sums ? row.corrections() : null);
        amount(cells, sums ? row.correctedLater() : null);
        number(cells, BigDecimal.valueOf(row.lines()));
        amount(cells, row.bill());
        amount(cells, sums ? row.difference() : null);
        amount(cells, sums ? row.ofOthers() : null);
        amount(cells, row.invoice());
        cells.text(sums ? null : row.statement().toString());
        cells.text(row.fileName());
        cells.time(row.from());
        cells.time(row.to());
        cells.endRow();
    }

    private static void amount(Cells cells, Money money) {
        number(cells, money == null ? null : money.amount());
    }

    private static void number(Cells cells, BigDecimal value) {
        if (value == null) {
            cells.text(null);
        } else {
            cells.number(value, value.scale());
        }
    }

    @Override
    public void summarize(Cells cells) {
        // The table is the summary.
    }
}
