package io.liveness.gateway.statement.closing;

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
 * beginning of the first one that counts; a month before it needs none.
 */
@Singleton
class StatementsCheck implements ClosingCheck {

    /**
     * There are some dozens of statements a month at most. Of a gap between their periods it is enough that it has a fee. {@code kinds} are
     * those that are differences.
     */
    private static final String LOOK = """
            with month as (
                select ?::timestamptz as from_at, ?::timestamptz as to_at, ?::text[] as kinds
            ), current as (
                select id, status, counts, coalesce(period_from, first_at) as from_at,
                       coalesce(period_to, last_at + interval '1 microsecond') as to_at
                from statement
                where not dry_run and (status = 'DONE' or (status in ('READING', 'MATCHING') and is_worked_on(worked_at)))
            ), counting as (
                select c.* from current c, month where c.status = 'DONE' and c.from_at < c.to_at and c.from_at < month.to_at
            ), gap as (
                select lower(g.span) as from_at, upper(g.span) as to_at
                from (
                    select unnest(tstzmultirange(tstzrange(month.from_at, month.to_at)) - range_agg(tstzrange(c.from_at, c.to_at))) as span
                    from month, counting c group by month.from_at, month.to_at) g
                where exists (
                    select from liveness_session s
                    where s.fee_amount is not null and s.init_at >= lower(g.span) and s.init_at < upper(g.span))
            ), differing as (
                select (select coalesce(sum(value::bigint), 0) from jsonb_each_text(c.counts) where key = any (month.kinds))
                           - (select count(*) from statement_acceptance a where a.statement_id = c.id and a.state = 'ACCEPTED') as open,
                       (select count(*) from statement_acceptance a where a.statement_id = c.id and a.state = 'PROPOSED') as proposed
                from counting c, month where c.to_at > month.from_at
            )
            select (select count(*) from gap) as gaps, (select from_at from gap order by from_at limit 1) as gap_from,
                   (select to_at from gap order by from_at limit 1) as gap_to,
                   (select coalesce(sum(open), 0)::bigint from differing) as open,
                   (select coalesce(sum(proposed), 0)::bigint from differing) as proposed,
                   (select count(*) from current c, month
                    where c.status <> 'DONE' and coalesce(c.from_at < month.to_at, true) and coalesce(c.to_at > month.from_at, true)) as under_way
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
        long gaps = row.getLong("gaps");
        if (gaps > 0) {
            findings.add(new Finding(
                    "statement-missing",
                    gaps,
                    "No statement covers the fees from " + Sql.time(row, "gap_from") + " to " + Sql.time(row, "gap_to")
                            + (gaps > 1 ? ", nor of " + (gaps - 1) + " later gaps" : "")
                            + ": import the vendor's bill, with the parameters from and to of its period."));
        }
        long underWay = row.getLong("under_way");
        if (underWay > 0) {
            findings.add(new Finding(
                    "statements-under-way",
                    underWay,
                    underWay + " imports are under way: try again when they are done."));
        }
        long open = row.getLong("open");
        if (open > 0) {
            findings.add(new Finding(
                    "differences-open",
                    open,
                    open + " differences of statements of the month are not accepted, " + row.getLong("proposed")
                            + " of them await a second person: accept them, or withdraw or correct the statement."));
        }
        return findings;
    }
}
