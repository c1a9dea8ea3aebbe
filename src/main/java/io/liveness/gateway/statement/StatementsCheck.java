package io.liveness.gateway.statement;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.period.ClosingCheck;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.matching.MatchKind;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Statements of the month: each of its fees lies in the period of one, and each difference is accepted. Statements are in use from the
 * beginning of the first one that counts; a month before it needs none, and is closed with a warning.
 */
@Singleton
class StatementsCheck implements ClosingCheck {

    /**
     * There are some dozens of statements a month at most. {@code kinds} are those that are differences. Results are {@code outdated} that
     * another bill explained which no longer counts: a fee that it had, and an acceptance of a second charge of what it charged. A fee of
     * a later month stands in the way of that month; it may lie behind the end of the bill, by the tolerance at its edge.
     */
    private static final String LOOK = """
            with month as (
                select ?::timestamptz as from_at, ?::timestamptz as to_at, ?::text[] as kinds
            ), current as (
                select id, status, counts, lines_outside, coalesce(period_from, first_at) as from_at,
                       coalesce(period_to, last_at + interval '1 second') as to_at
                from statement
                where not dry_run and (status = 'DONE' or (status in ('READING', 'MATCHING') and is_worked_on(worked_at)))
            ), counting as (
                select c.* from current c, month where c.status = 'DONE' and c.from_at < c.to_at and c.from_at < month.to_at
            ), gap as (
                select lower(g.span) as from_at, upper(g.span) as to_at,
                       (select count(*) from ledger_entry e
                        where e.kind = 'PRE_DEDUCT' and e.init_at >= lower(g.span) and e.init_at < upper(g.span)) as fees
                from (
                    select unnest(tstzmultirange(tstzrange(month.from_at, month.to_at))
                                  - coalesce(range_agg(tstzrange(c.from_at, c.to_at)) filter (where c.id is not null), '{}')) as span
                    from month left join counting c on true group by month.from_at, month.to_at) g
            ), differing as (
                select lines_outside, (select coalesce(sum(value::bigint), 0) from jsonb_each_text(c.counts) where key = any (month.kinds))
                           - (select count(*) from statement_acceptance a where a.statement_id = c.id and a.state = 'ACCEPTED') as open,
                       (select count(*) from statement_acceptance a where a.statement_id = c.id and a.state = 'PROPOSED') as proposed
                from counting c, month where c.to_at > month.from_at
            ), outdated as (
                select m.statement_id
                from counting c
                join month on c.to_at > month.from_at - interval '1 day'
                join statement_match m on m.statement_id = c.id and m.kind in ('CUT_OFF', 'MISSING_IN_STATEMENT', 'DUPLICATE_LINE')
                join liveness_session s on s.id = m.session_id
                left join statement_acceptance a on a.difference_id = m.id and a.state = 'ACCEPTED'
                where s.init_at < month.to_at and (s.init_at >= month.from_at or c.to_at > month.from_at) and case m.kind
                          when 'CUT_OFF' then m.detail is not null
                          when 'MISSING_IN_STATEMENT' then a.amount = 0 and s.charge_status = 'CHARGED'
                          else a.amount <> 0 and not exists (
                              select from statement_match x where x.statement_id = c.id and x.session_id = m.session_id and x.line < m.line
                                and x.kind <> 'UNREADABLE_LINE') end
                  and not exists (
                      select from statement_match x join statement t on t.id = x.statement_id
                      where x.session_id = m.session_id and x.line is not null and x.kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                        and (m.kind <> 'DUPLICATE_LINE' or x.theirs_status = 'CHARGED')
                        and t.id <> c.id and t.status = 'DONE' and not t.dry_run)
            )
            select exists (select from counting) as in_use, (select coalesce(sum(fees), 0)::bigint from gap) as fees,
                   (select count(*) from gap where fees > 0) as gaps,
                   (select from_at from gap where fees > 0 order by from_at limit 1) as gap_from,
                   (select to_at from gap where fees > 0 order by from_at limit 1) as gap_to,
                   (select coalesce(sum(lines_outside), 0) from differing) as outside,
                   (select coalesce(sum(open), 0)::bigint from differing) as open,
                   (select coalesce(sum(proposed), 0)::bigint from differing) as proposed,
                   (select count(*) from outdated) as outdated,
                   (select string_agg(distinct statement_id::text, ', ') from outdated) as outdated_statements,
                   (select count(*) from current c, month
                    where c.status <> 'DONE' and coalesce(c.from_at < month.to_at, true)
                      and coalesce(c.to_at > month.from_at, true)) as under_way
            """;

    private static final String[] DIFFERENCES = Arrays.stream(MatchKind.values())
            .filter(MatchKind::isDifference)
            .map(Enum::name)
            .toArray(String[]::new);

    @Override
    public List<Finding> look(Connection connection, Month month) throws SQLException {
        return Sql.first(
                        connection,
                        LOOK,
                        StatementsCheck::findings,
                        month.from(),
                        month.to(),
                        connection.createArrayOf("text", DIFFERENCES))
                .orElseThrow();
    }

    private static List<Finding> findings(ResultSet row) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        long fees = row.getLong("fees");
        if (fees > 0 && row.getBoolean("in_use")) {
            long gaps = row.getLong("gaps");
            findings.add(Finding.reason(
                    "statement-missing",
                    fees,
                    "No statement covers " + fees + " fees, from " + Sql.time(row, "gap_from") + " to "
                            + Sql.time(row, "gap_to") + (gaps > 1 ? " and in " + (gaps - 1) + " later gaps" : "")
                            + ": import the vendor's bill, with the parameters from and to of its period."));
        } else if (fees > 0) {
            findings.add(Finding.warning(
                    "no-statement",
                    fees,
                    "No bill was compared with the " + fees
                            + " fees of the month: it can be closed, and its charges are then our word alone."));
        }
        long underWay = row.getLong("under_way");
        if (underWay > 0) {
            findings.add(Finding.reason(
                    "statements-under-way",
                    underWay,
                    underWay + " imports are under way: try again when they are done."));
        }
        long open = row.getLong("open");
        if (open > 0) {
            findings.add(Finding.reason(
                    "differences-open",
                    open,
                    open + " differences of statements of the month are not accepted, " + row.getLong("proposed")
                            + " of them await a second person: accept them, or withdraw or correct the statement."));
        }
        long outdated = row.getLong("outdated");
        if (outdated > 0) {
            findings.add(Finding.reason(
                    "statements-outdated",
                    outdated,
                    outdated + " results of statements of the month rest on a bill that no longer counts: withdraw "
                            + row.getString("outdated_statements") + ", and import again."));
        }
        long outside = row.getLong("outside");
        if (outside > 0) {
            findings.add(Finding.warning(
                    "lines-outside-period",
                    outside,
                    outside + " lines of statements of the month are outside of the period that their import states:"
                            + " see linesOutside of the statements."));
        }
        return findings;
    }
}
