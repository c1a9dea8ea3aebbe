package io.liveness.gateway.billing;

import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;

/** Proves that the books balance: pre-deductions = charges + refunds + open, for any span of time. */
@Singleton
public class Balance {

    // Each side is summed from rows of its own, so that a row too many or a wrong amount shows.
    private static final String BALANCE = """
            with pre as (
                select session_id, amount, currency from ledger_entry
                where kind = 'PRE_DEDUCT' and recorded_at >= $1 and recorded_at < $2
            ), ending as (
                select e.session_id, e.kind, e.amount, e.currency
                from ledger_entry e join pre using (session_id)
                where e.kind in ('CHARGE', 'REFUND')
            ), open as (
                select * from pre where not exists (select from ending where ending.session_id = pre.session_id)
            ), line as (
                select currency, 'PRE_DEDUCT' as side, amount from pre
                union all
                select currency, kind, amount from ending
                union all
                select currency, 'OPEN', amount from open
            )
            select currency,
                   coalesce(sum(amount) filter (where side = 'PRE_DEDUCT'), 0)::bigint as pre_deducted,
                   coalesce(sum(amount) filter (where side = 'CHARGE'), 0)::bigint as charged,
                   coalesce(sum(amount) filter (where side = 'REFUND'), 0)::bigint as refunded,
                   coalesce(sum(amount) filter (where side = 'OPEN'), 0)::bigint as open,
                   count(*) filter (where side = 'PRE_DEDUCT')
                       - count(*) filter (where side <> 'PRE_DEDUCT') as missing_rows
            from line group by currency order by currency
            """;

    /**
     * The balance of one currency, in minor units.
     *
     * @param open pre-deducted and neither charged nor refunded yet
     * @param missingRows pre-deductions less charges, refunds and open ones, counted
     */
    public record Line(String currency, long preDeducted, long charged, long refunded, long open, long missingRows) {

        public boolean holds() {
            return preDeducted == charged + refunded + open && missingRows == 0;
        }
    }

    private final Database database;

    Balance(Database database) {
        this.database = database;
    }

    /**
     * The balance of what was pre-deducted in a span of time, by currency.
     *
     * @param from inclusive
     * @param to exclusive
     */
    public Uni<List<Line>> of(Instant from, Instant to) {
        return database.execute(BALANCE, Tuple.of(from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Balance::line)
                        .toList());
    }

    private static Line line(Row row) {
        return new Line(
                row.getString("currency"),
                row.getLong("pre_deducted"),
                row.getLong("charged"),
                row.getLong("refunded"),
                row.getLong("open"),
                row.getLong("missing_rows"));
    }
}
