package io.liveness.gateway.finance.summary;

import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Sums the fees that are open, by their age. */
@Singleton
class OpenFees {

    /** As many sessions without an end are read, oldest first: far more than a replica can have looked at in a token's life. */
    private static final int MOST_READ = 1_000_000;

    private static final String SUM = """
            select width_bucket(extract(epoch from liveness_now() - init_at)::float8, $1::float8[]), fee_currency, charge_status,
                   count(*), sum(fee_amount)::bigint
            from (select caller, init_at, charge_status, fee_amount, fee_currency from liveness_session
                  where (status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED')
                    and (init_at, id) > ('-infinity', '00000000-0000-0000-0000-000000000000')
                  order by init_at, id limit %d) unended
            where charge_status in ('PRE_DEDUCTED', 'UNCONFIRMED') and ($2::text is null or caller = $2)
            group by 1, 2, 3
            """.formatted(MOST_READ);

    private final Database database;

    OpenFees(Database database) {
        this.database = database;
    }

    /**
     * By age, each by its ordinal.
     *
     * @param caller whose; all callers' when empty
     */
    Uni<Summary> byAge(Optional<String> caller) {
        return database.read(SUM, Tuple.of(OpenAge.thresholds(), caller.orElse(null)))
                .map(OpenFees::summary);
    }

    private static Summary summary(RowSet<Row> rows) {
        Summary summary = new Summary();
        for (Row row : rows) {
            int at = 0;
            String age = row.getInteger(at++).toString();
            Summary.Group group = new Summary.Group(Optional.of(age), row.getString(at++));
            Standing standing = Standing.valueOf(row.getString(at++));
            summary.add(group, standing, new Figure(row.getLong(at++), row.getLong(at)));
        }
        return summary;
    }
}
