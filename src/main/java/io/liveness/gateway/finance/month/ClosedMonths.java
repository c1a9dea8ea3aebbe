package io.liveness.gateway.finance.month;

import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Shows {@code liveness.closed.months.differences}: what came up in months after their close and is to be worked. It is corrected in the
 * open month, and nobody would look for it in a closed one.
 */
@Startup // its metric is there from the start
@Singleton
class ClosedMonths {

    /**
     * For each closed month the open differences of its bills, such as of a late one or of an acceptance that was taken back, and its bills
     * that were withdrawn since the close and whose files count no more.
     */
    static final String DIFFERENCES = """
            select p.month, sum(case when b.in_effect then b.differences else 1 end)::bigint as differences
            from period p
            join lateral (
                select in_effect, (select coalesce(sum(value::bigint), 0) from jsonb_each_text(c.counts) where key not in ('MATCHED', 'NOT_BILLED', 'CUT_OFF'))
                           - (select count(*) from bill_acceptance a where a.statement_id = c.id and a.state = 'ACCEPTED') as differences
                from vendor_bill c
                where c.span && tstzrange(p.from_at, p.to_at)
                  and (c.in_effect or (c.status = 'WITHDRAWN' and not c.dry_run and c.counts <> '{}' and c.withdrawn_at > p.closed_at
                       and not exists (select from vendor_bill t where t.in_effect and t.sha256 = c.sha256)))
            ) b on true
            where p.closed_at is not null
            group by p.month
            """;

    private static final String ALL =
            "select coalesce(sum(differences), 0) as differences from (" + DIFFERENCES + ") month";

    ClosedMonths(DatabaseFigures figures) {
        figures.showEachMinute(
                ALL,
                List.of(),
                new Figure(
                        "differences",
                        "liveness.closed.months.differences",
                        "Differences that came up in closed months and are to be worked"));
    }
}
