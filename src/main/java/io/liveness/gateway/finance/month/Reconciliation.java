package io.liveness.gateway.finance.month;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.platform.postgres.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import java.sql.Connection;
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
final class Reconciliation extends MonthTable {

    /** The result of fees that no bill was compared with. */
    static final String NO_RESULT = "NO_RESULT";

    private static final String TOTAL = "TOTAL";
    private static final String STATEMENT = "STATEMENT";

    /**
     * A fee is of the time of its pre-deduction, a line of that of its fee, or else of its own within the period of the bill, not before
     * the first fee. A line of 预扣 charges nothing: the vendor returns by itself what does not become a charge (vendor document, 计费说明). A
     * fee with several results counts by the one of a line; so does what was accepted of it. A line that differs by amount and status has
     * two results and counts once. Most fees have nothing but a line that agrees: those are not sorted. Bills of the days around the month,
     * and those with lines of it, may have fees of it. All results of a bill are one range of ids.
     */
    private static final String ROWS = """
            with month as (
                select ?::text as name, ?::timestamptz as from_at, ?::timestamptz as to_at,
                       (select e.init_at from ledger e where e.kind = 'PRE_DEDUCT' order by e.init_at, e.session_id limit 1) as first_fee
            ), counting as (
                select t.*, left(replace(t.id::text, '-', ''), 22) as ids from vendor_bill t where t.in_effect
            ), result as (
                select m.session_id, m.statement_id, m.line, m.kind, b.currency,
                       case m.theirs_status when 'CHARGED' then m.theirs_amount else 0 end as theirs
                from month
                join counting b on least(b.begins, b.first_at) < month.to_at + interval '1 day'
                    and greatest(b.ends, b.last_at + interval '1 second', month.first_fee) > month.from_at - interval '1 day'
                join bill_result m on m.statement_id = b.id
                    and m.id between (b.ids || '0000000000')::uuid and (b.ids || 'ffffffffff')::uuid
                cross join lateral (
                    select case when m.session_id is not null then m.ours_at
                                else greatest(least(greatest(coalesce(m.theirs_at, b.begins), b.period_from),
                                                    b.period_to - interval '1 microsecond'), month.first_fee) end as at) of
                where of.at >= month.from_at and of.at < month.to_at
            ), judged as (
                select distinct on (session_id) session_id, kind from result
                where session_id in (select session_id from result where kind <> 'MATCHED'
                                     union all select session_id from ledger where kind = 'ADJUSTMENT')
                order by session_id, line is null, kind = 'DUPLICATE_LINE', kind
            ), part as (
                select e.currency,
                       case when j.kind is not null then j.kind
                            when e.session_id in (select session_id from result where kind = 'MATCHED') then 'MATCHED'
                            else 'NO_RESULT' end as result,
                       count(*) as fees, sum(e.charge) as charges,
                       0 as corrections, 0 as corrected_later, 0 as of_others, 0 as lines, 0 as bill
                from (
                    select e.session_id, e.currency, case e.kind when 'CHARGE' then e.amount else 0 end as charge
                    from month
                    join ledger e on e.kind in ('CHARGE', 'REFUND') and e.caller = any (array(select callers()))
                        and e.init_at >= month.from_at and e.init_at < month.to_at
                    union all
                    select e.session_id, e.currency, 0
                    from month join open_fees() e on e.init_at >= month.from_at and e.init_at < month.to_at) e
                left join judged j on j.session_id = e.session_id
                group by 1, 2
                union all
                select e.currency, coalesce(j.kind, a.kind, 'NO_RESULT'), 0, 0,
                       sum(e.amount) filter (where e.of_month is null),
                       sum(e.amount) filter (where e.of_month = month.name),
                       sum(e.amount) filter (where e.of_month <> month.name), 0, 0
                from month
                join ledger e on e.kind = 'ADJUSTMENT' and (e.of_month = month.name
                    or coalesce(e.counted_at, e.recorded_at) >= month.from_at and coalesce(e.counted_at, e.recorded_at) < month.to_at)
                left join bill_acceptance a on a.id = e.acceptance_id
                left join judged j on j.session_id = e.session_id
                    and coalesce(a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS'), true)
                group by 1, 2
                union all
                select l.currency, l.kind, 0, 0, 0, 0, 0, count(*), sum(l.theirs)
                from result l
                where l.line is not null and (l.kind <> 'STATUS_DIFFERS' or (l.statement_id, l.line) not in (
                    select statement_id, line from result where kind = 'AMOUNT_DIFFERS'))
                group by 1, 2
            ), bill as (
                select b.* from counting b, month where b.begins < month.to_at and b.ends > month.from_at and b.begins < b.ends
            )
            select currency, result, fees, charges, corrections, corrected_later, lines, bill,
                   charges + corrections + corrected_later - bill as difference, of_others, invoice, statement_id, file_name, begins, ends
            from (
                select 1 as nth, currency, result, sum(fees)::bigint as fees, sum(charges) as charges,
                       coalesce(sum(corrections), 0) as corrections, coalesce(sum(corrected_later), 0) as corrected_later,
                       coalesce(sum(of_others), 0) as of_others, sum(lines)::bigint as lines, sum(bill) as bill,
                       null::numeric as invoice, null::uuid as statement_id, null::text as file_name,
                       null::timestamptz as begins, null::timestamptz as ends
                from part group by currency, result
                union all
                select 2, currency, 'TOTAL', sum(fees)::bigint, sum(charges), coalesce(sum(corrections), 0),
                       coalesce(sum(corrected_later), 0), coalesce(sum(of_others), 0), sum(lines)::bigint, sum(bill),
                       (select case when bool_and(b.invoice is not null and b.begins >= month.from_at and b.ends <= month.to_at)
                                    then sum(b.invoice) end
                        from bill b, month where b.currency = part.currency), null, null, null, null
                from part group by currency
                union all
                select 3, currency, 'STATEMENT', null, null, null, null, null, lines, coalesce(charged_read, 0), invoice, id, file_name, begins, ends
                from bill
            ) sums
            order by nth, currency, begins, statement_id, result
            """;

    /** The amounts are sums, of which a month may have more than a bigint holds: bills are as large as they are sent. */
    private static final Form AMOUNT = (row, column, cells) ->
            cells.number(row.text(column) == null ? null : Money.amount(new BigDecimal(row.text(column)), row.text(0)));

    private static final List<Column> COLUMNS = List.of(
            new Column("currency", 10),
            new Column("result", 24),
            new Column("fees", 10, NUMBER),
            new Column("charges", 14, AMOUNT),
            new Column("corrections", 14, AMOUNT),
            new Column("correctedLater", 14, AMOUNT),
            new Column("lines", 10, NUMBER),
            new Column("bill", 14, AMOUNT),
            new Column("difference", 14, AMOUNT),
            new Column("correctionsOfOtherMonths", 14, AMOUNT),
            new Column("invoice", 14, AMOUNT),
            new Column("statementId", 38),
            new Column("fileName", 24),
            new Column("from", 20, TIME),
            new Column("to", 20, TIME));

    /** A reconciliation in the API. */
    @RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
    record View(
            String month, Period.PeriodStatus status, List<Sums> results, List<Sums> totals, List<Bill> statements) {

        private boolean add(ResultSet row) throws SQLException {
            String result = row.getString("result");
            return switch (result) {
                case TOTAL -> totals.add(Sums.of(row, null));
                case STATEMENT -> statements.add(Bill.of(row));
                default -> results.add(Sums.of(row, result));
            };
        }
    }

    /** The sums of both sides, for a kind of result or in total. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sums(
            String currency,
            String result,
            long fees,
            String charges,
            String corrections,
            String correctedLater,
            long lines,
            String bill,
            String difference,
            String correctionsOfOtherMonths,
            String invoice) {

        private static Sums of(ResultSet row, String result) throws SQLException {
            return new Sums(
                    row.getString("currency"),
                    result,
                    row.getLong("fees"),
                    amount(row, "charges"),
                    amount(row, "corrections"),
                    amount(row, "corrected_later"),
                    row.getLong("lines"),
                    amount(row, "bill"),
                    amount(row, "difference"),
                    amount(row, "of_others"),
                    amount(row, "invoice"));
        }
    }

    /** A bill. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Bill(
            UUID id,
            String fileName,
            Instant from,
            Instant to,
            String currency,
            long lines,
            String charged,
            String invoice) {

        private static Bill of(ResultSet row) throws SQLException {
            return new Bill(
                    row.getObject("statement_id", UUID.class),
                    row.getString("file_name"),
                    Sql.time(row, "begins"),
                    Sql.time(row, "ends"),
                    row.getString("currency"),
                    row.getLong("lines"),
                    amount(row, "bill"),
                    amount(row, "invoice"));
        }
    }

    private final Month month;

    Reconciliation(Month month) {
        super("reconciliation", month.name(), COLUMNS);
        this.month = month;
    }

    View view(Connection connection, Period.PeriodStatus status) throws SQLException {
        View view = new View(month.name().toString(), status, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Sql.list(connection, rows(connection), view::add);
        return view;
    }

    @Override
    public String fileName(String madeAt) {
        return super.fileName(madeAt) + "-" + madeAt;
    }

    @Override
    public String rows(Connection connection) throws SQLException {
        return query(connection, ROWS, month.name().toString(), month.from(), month.to());
    }

    private static String amount(ResultSet row, String column) throws SQLException {
        BigDecimal units = row.getBigDecimal(column);
        return units == null
                ? null
                : Money.amount(units, row.getString("currency")).toPlainString();
    }
}
