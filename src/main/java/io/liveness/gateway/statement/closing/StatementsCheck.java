package io.liveness.gateway.statement.closing;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.period.checks.ClosingCheck;
import io.liveness.gateway.finance.period.checks.Finding;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.statement.matching.MatchKind;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
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
     * $1 and $2 the month, $3 the kinds that are differences. There are some dozens of statements a month at most. Of a gap between their
     * periods it is enough that it has a fee.
     */
    private static final String LOOK = """
            with closing_statement as materialized (
                select id, status, counts, coalesce(period_from, first_at) as from_at,
                       coalesce(period_to, last_at + interval '1 microsecond') as to_at
                from statement
                where not dry_run and (status = 'DONE'
                    or (status in ('READING', 'MATCHING') and worked_at > liveness_now() - interval '2 minutes'))
            ), counting as materialized (
                select * from closing_statement where status = 'DONE' and from_at < to_at and from_at < $2
            ), gap as materialized (
                select lower(u.span) as from_at, upper(u.span) as to_at
                from (
                    select tstzmultirange(tstzrange($1, $2)) - range_agg(tstzrange(from_at, to_at)) as spans from counting) g
                cross join lateral unnest(g.spans) u (span)
                cross join lateral (
                    select 1 from liveness_session s
                    where s.fee_amount is not null and s.init_at >= lower(u.span) and s.init_at < upper(u.span)
                    order by s.init_at, s.id limit 1) fee
            ), differing as materialized (
                select (select coalesce(sum(value::bigint), 0) from jsonb_each_text(c.counts) where key = any($3))
                           - (select count(*) from statement_acceptance a where a.statement_id = c.id and a.state = 'ACCEPTED') as open,
                       (select count(*) from statement_acceptance a where a.statement_id = c.id and a.state = 'PROPOSED') as proposed
                from counting c where c.to_at > $1
            )
            select (select count(*) from gap), (select from_at from gap order by from_at limit 1),
                   (select to_at from gap order by from_at limit 1),
                   (select coalesce(sum(open), 0)::bigint from differing), (select coalesce(sum(proposed), 0)::bigint from differing),
                   (select count(*) from closing_statement
                    where status <> 'DONE' and coalesce(from_at < $2, true) and coalesce(to_at > $1, true))
            """;

    private static final String[] DIFFERENCES = Arrays.stream(MatchKind.values())
            .filter(MatchKind::isDifference)
            .map(Enum::name)
            .toArray(String[]::new);

    private final Database database;

    StatementsCheck(Database database) {
        this.database = database;
    }

    @Override
    public Uni<List<Finding>> look(Month month) {
        return database.read(
                        LOOK,
                        Tuple.of(
                                month.from().atOffset(ZoneOffset.UTC),
                                month.to().atOffset(ZoneOffset.UTC),
                                DIFFERENCES))
                .map(rows -> findings(rows.iterator().next()));
    }

    private static List<Finding> findings(Row row) {
        List<Finding> findings = new ArrayList<>();
        long gaps = row.getLong(0);
        if (gaps > 0) {
            findings.add(new Finding(
                    "statement-missing",
                    gaps,
                    "No statement covers the fees from "
                            + row.getOffsetDateTime(1).toInstant() + " to "
                            + row.getOffsetDateTime(2).toInstant()
                            + (gaps > 1 ? ", nor of " + (gaps - 1) + " later gaps" : "")
                            + ": import the vendor's bill, with the parameters from and to of its period."));
        }
        long underWay = row.getLong(5);
        if (underWay > 0) {
            findings.add(new Finding(
                    "statements-under-way",
                    underWay,
                    underWay + " imports are under way: try again when they are done."));
        }
        long open = row.getLong(3);
        if (open > 0) {
            findings.add(new Finding(
                    "differences-open",
                    open,
                    open + " differences of statements of the month are not accepted, " + row.getLong(4)
                            + " of them await a second person: accept them, or withdraw or correct the statement."));
        }
        return findings;
    }
}
