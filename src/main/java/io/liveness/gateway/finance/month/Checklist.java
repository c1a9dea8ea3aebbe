package io.liveness.gateway.finance.month;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is not in order with a month.
 *
 * @param reasons against closing it: of the calendar, of fees that have not ended, and of the vendor's bills
 * @param findings with which two people close it, who say why: {@link MonthFindings}
 * @param warnings with which anybody closes it
 */
record Checklist(List<Finding> reasons, List<Finding> findings, List<Finding> warnings) {

    /**
     * How long after a month's end it is closed at the earliest. An intent is stored with the time of its init and may become visible
     * later, by the limits of connections and statements (some seconds); after this time all of them are.
     */
    static final Duration MARGIN = Duration.ofHours(1);

    /**
     * Fees of the month that have not ended: each would change its figures later. Overdue is what is older than a token's life and the
     * grace after it, by default. A session whose init is under way has no fee yet, and may get one. A session that costs nothing never does.
     */
    private static final String OPEN_FEES = """
            select count(*) filter (where charge_status <> 'UNCONFIRMED' and init_at > liveness_now() - interval '4 hours') as open,
                   count(*) filter (where charge_status <> 'UNCONFIRMED' and init_at <= liveness_now() - interval '4 hours') as overdue,
                   count(*) filter (where charge_status = 'UNCONFIRMED') as unconfirmed
            from session_outcome
            where session_id = any (array(select session_id from unsettled)) and init_at >= ? and init_at < ?
              and (status = 'OPENING' or charge_status <> 'NONE')
            """;

    /**
     * Bills of the month: each of its fees lies in the period of one of its currency, and each difference is accepted. They are in use from
     * the beginning of the first one that counts; fees before it need none, and lead to a warning. There are some dozens a month at most.
     * Results are {@code outdated} that another bill explained which no longer counts: a fee that it had, and an acceptance of a second
     * charge of what it charged. A fee of a later month stands in the way of that month; it may lie behind the end of the bill, by the tolerance at
     * its edge.
     */
    private static final String BILLS = """
            with month as (
                select ?::timestamptz as from_at, ?::timestamptz as to_at
            ), current as (
                select id, status, currency, counts, lines_outside, begins as from_at, ends as to_at
                from vendor_bill
                where not dry_run and (status = 'DONE' or (status in ('READING', 'MATCHING') and is_worked_on(id, worked_at)))
            ), counting as (
                select c.* from current c, month where c.status = 'DONE' and c.from_at < c.to_at and c.from_at < month.to_at
            ), in_use as (
                select greatest(month.from_at, least(month.to_at, (select min(from_at) from counting))) as from_at from month
            ), gap as (
                select g.currency, lower(g.span) as from_at, upper(g.span) as to_at,
                       (select count(*) from ledger e
                        where e.kind = 'PRE_DEDUCT' and e.caller = any (array(select callers()))
                          and e.init_at >= lower(g.span) and e.init_at < upper(g.span)
                          and case when g.currency is null then e.currency <> all (array(select currency from counting))
                                   else e.currency = g.currency end) as fees
                from (
                    select k.currency, unnest(tstzmultirange(tstzrange(in_use.from_at, month.to_at))
                               - coalesce(range_agg(tstzrange(c.from_at, c.to_at)) filter (where c.id is not null), '{}')) as span
                    from month cross join in_use
                    cross join (select currency from counting union select null) k
                    left join counting c on c.currency = k.currency
                    group by in_use.from_at, month.to_at, k.currency) g
            ), differing as (
                select c.id, lines_outside, (select coalesce(sum(value::bigint), 0) from jsonb_each_text(c.counts)
                                       where key not in ('MATCHED', 'NOT_BILLED', 'CUT_OFF'))
                           - (select count(*) from bill_acceptance a where a.statement_id = c.id and a.state = 'ACCEPTED') as open,
                       (select count(*) from bill_acceptance a where a.statement_id = c.id and a.state = 'PROPOSED') as proposed
                from counting c, month where c.to_at > month.from_at
            ), outdated as (
                select m.statement_id
                from counting c
                join month on c.to_at > month.from_at - interval '1 day'
                join bill_result m on m.statement_id = c.id and m.kind in ('CUT_OFF', 'MISSING_IN_STATEMENT', 'DUPLICATE_LINE')
                join session_outcome s on s.session_id = m.session_id
                left join bill_acceptance a on a.difference_id = m.id and a.state = 'ACCEPTED'
                where s.init_at < month.to_at and (s.init_at >= month.from_at or c.to_at > month.from_at) and case m.kind
                          when 'CUT_OFF' then m.detail is not null
                          when 'MISSING_IN_STATEMENT' then a.amount = 0 and s.charge_status = 'CHARGED'
                          else a.amount <> 0 and not exists (
                              select from bill_result x where x.statement_id = c.id and x.session_id = m.session_id and x.line < m.line
                                and x.kind <> 'UNREADABLE_LINE') end
                  and not exists (
                      select from bill_result x join vendor_bill t on t.id = x.statement_id
                      where x.session_id = m.session_id and x.line is not null and x.kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                        and (m.kind <> 'DUPLICATE_LINE' or x.theirs_status = 'CHARGED')
                        and t.id <> c.id and t.in_effect)
            )
            select (select count(*) from ledger e, month, in_use
                    where e.kind = 'PRE_DEDUCT' and e.init_at >= month.from_at and e.init_at < in_use.from_at) as fees_before,
                   (select coalesce(sum(fees), 0)::bigint from gap) as fees,
                   (select count(*) from gap where fees > 0) as gaps,
                   (select from_at from gap where fees > 0 order by from_at limit 1) as gap_from,
                   (select to_at from gap where fees > 0 order by from_at limit 1) as gap_to,
                   (select coalesce(sum(lines_outside), 0) from differing) as outside,
                   (select coalesce(sum(open), 0)::bigint from differing) as open,
                   (select coalesce(sum(proposed), 0)::bigint from differing) as proposed,
                   (select id from differing where open > 0 order by id limit 1)::text as differing_statement,
                   (select count(*) from outdated) as outdated,
                   (select string_agg(distinct statement_id::text, ', ') from outdated) as outdated_statements,
                   (select count(*) from current c, month
                    where c.status <> 'DONE' and coalesce(c.from_at < month.to_at, true)
                      and coalesce(c.to_at > month.from_at, true)) as under_way
            """;

    /**
     * One thing that is not in order.
     *
     * @param code stable, in kebab case: programs branch on it
     * @param count the number of objects it concerns
     * @param detail what to do about it, for people
     * @param parameters what the detail names, by name: times as RFC 3339 has them, numbers, amounts, a month, ids
     */
    record Finding(
            String code,
            long count,
            String detail,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> parameters) {

        Finding {
            parameters = parameters == null ? Map.of() : parameters;
        }

        Finding(String code, long count, String detail) {
            this(code, count, detail, Map.of());
        }
    }

    /** Looks for what is not in order now. */
    static Checklist of(Connection connection, Period period, Calendar calendar) throws SQLException {
        Month month = period.month();
        List<Finding> reasons = ofCalendar(period, calendar, Period.PeriodStatus.CLOSED);
        reasons.addAll(Sql.first(connection, OPEN_FEES, Checklist::open, month.from(), month.to())
                .orElseThrow());
        Bills bills = Sql.first(connection, BILLS, Bills::of, month.from(), month.to())
                .orElseThrow();
        reasons.addAll(bills.reasons());
        return new Checklist(reasons, MonthFindings.of(connection, period, bills.uncovered()), bills.warnings());
    }

    /** The calendar's reasons against closing a month softly or for good. */
    static List<Finding> ofCalendar(Period period, Calendar calendar, Period.PeriodStatus wanted) {
        List<Finding> reasons = new ArrayList<>();
        Instant end = period.month().to();
        Instant earliest = wanted == Period.PeriodStatus.CLOSED ? end.plus(MARGIN) : end;
        if (calendar.now().isBefore(earliest)) {
            reasons.add(new Finding(
                    "month-not-over",
                    1,
                    "The month ends at " + JsonTime.text(end) + "; from " + JsonTime.text(earliest)
                            + " on it can be closed.",
                    Map.of("to", JsonTime.text(end), "from", JsonTime.text(earliest))));
        }
        calendar.before(period)
                .filter(before -> before.status().compareTo(wanted) < 0)
                .ifPresent(before -> reasons.add(new Finding(
                        "earlier-month-open",
                        1,
                        before.month().name() + " has to be "
                                + (wanted == Period.PeriodStatus.CLOSED ? "closed" : "closed or soft-closed")
                                + " first: months close in order.",
                        Map.of("month", before.month().name().toString()))));
        return reasons;
    }

    private static List<Finding> open(ResultSet counts) throws SQLException {
        return found(
                fees("fees-open", counts.getLong("open"), " of the month without a verdict yet. No action is needed."),
                fees(
                        "fees-overdue",
                        counts.getLong("overdue"),
                        " of the month open for longer than four hours. Ask operations for the cause."),
                fees(
                        "fees-unconfirmed",
                        counts.getLong("unconfirmed"),
                        " of the month possibly taken: init's answer was lost. No action is needed; such fees are refunded"
                                + " after the token's life."));
    }

    private static Finding fees(String code, long count, String detail) {
        return new Finding(code, count, count + (count == 1 ? " fee" : " fees") + detail);
    }

    /**
     * What the bills of a month say.
     *
     * @param uncovered fees that no bill covers
     */
    private record Bills(long uncovered, List<Finding> reasons, List<Finding> warnings) {

        static Bills of(ResultSet row) throws SQLException {
            long before = row.getLong("fees_before");
            long outside = row.getLong("outside");
            Finding noStatement = new Finding(
                    "no-statement",
                    before,
                    "No bill was compared with " + before
                            + " fees of the month: it can be closed, and their charges are then our word alone.");
            Finding linesOutside = new Finding(
                    "lines-outside-period",
                    outside,
                    outside
                            + " lines of statements of the month are outside of the period that their import states: see"
                            + " linesOutside of the statements.");
            return new Bills(
                    before + row.getLong("fees"),
                    found(missing(row), underWay(row), differing(row), outdated(row)),
                    found(noStatement, linesOutside));
        }

        private static Finding missing(ResultSet row) throws SQLException {
            long fees = row.getLong("fees");
            long gaps = row.getLong("gaps");
            String from = fees == 0 ? "" : JsonTime.text(Sql.time(row, "gap_from"));
            String to = fees == 0 ? "" : JsonTime.text(Sql.time(row, "gap_to"));
            return new Finding(
                    "statement-missing",
                    fees,
                    "No statement covers " + fees + " fees, from " + from + " to " + to
                            + (gaps > 1 ? " and in " + (gaps - 1) + " other gaps" : "")
                            + ": import the vendor's bill in their currency, with the parameters from and to of its period.",
                    Map.of("from", from, "to", to, "gaps", String.valueOf(gaps)));
        }

        private static Finding underWay(ResultSet row) throws SQLException {
            long imports = row.getLong("under_way");
            return new Finding(
                    "statements-under-way", imports, imports + " imports are under way: try again when they are done.");
        }

        private static Finding differing(ResultSet row) throws SQLException {
            long open = row.getLong("open");
            return new Finding(
                    "differences-open",
                    open,
                    open + " differences of statements of the month are not accepted, " + row.getLong("proposed")
                            + " of them await a second person: accept them, or withdraw or correct the statement.",
                    Map.of(
                            "proposed",
                            row.getString("proposed"),
                            "statement",
                            String.valueOf(row.getString("differing_statement"))));
        }

        private static Finding outdated(ResultSet row) throws SQLException {
            String statements = String.valueOf(row.getString("outdated_statements"));
            return new Finding(
                    "statements-outdated",
                    row.getLong("outdated"),
                    row.getLong("outdated")
                            + " results of statements of the month rest on a bill that no longer counts: withdraw "
                            + statements + ", and import again.",
                    Map.of("statements", statements));
        }
    }

    /** Leaves out findings of nothing. */
    static List<Finding> found(Finding... possible) {
        return Stream.of(possible).filter(finding -> finding.count() > 0).toList();
    }
}
