package io.liveness.gateway.finance.period.checks;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Fees of the month that have not ended: each would change its figures later. */
@Singleton
class OpenFeesCheck implements ClosingCheck {

    /** As summaries have it: longer than a token's life and the grace after it, by default. */
    private static final String LONG = "interval '4 hours'";

    /** A session whose init is under way has no fee yet, and may get one. A session that costs nothing never does. */
    private static final String COUNT = """
            select count(*) filter (where charge_status <> 'UNCONFIRMED' and init_at > liveness_now() - %1$s),
                   count(*) filter (where charge_status <> 'UNCONFIRMED' and init_at <= liveness_now() - %1$s),
                   count(*) filter (where charge_status = 'UNCONFIRMED')
            from liveness_session
            where (status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED') and init_at >= $1 and init_at < $2
              and (status = 'OPENING' or charge_status <> 'NONE')
            """.formatted(LONG);

    private final Database database;

    OpenFeesCheck(Database database) {
        this.database = database;
    }

    @Override
    public Uni<List<Finding>> look(Month month) {
        return database.read(
                        COUNT,
                        Tuple.of(
                                month.from().atOffset(ZoneOffset.UTC),
                                month.to().atOffset(ZoneOffset.UTC)))
                .map(rows -> findings(rows.iterator().next()));
    }

    private static List<Finding> findings(Row counts) {
        List<Finding> findings = new ArrayList<>();
        int at = 0;
        add(findings, "fees-open", counts.getLong(at++), " of the month without a verdict yet. No action is needed.");
        add(
                findings,
                "fees-overdue",
                counts.getLong(at++),
                " of the month open for longer than four hours. Ask operations for the cause.");
        add(
                findings,
                "fees-unconfirmed",
                counts.getLong(at),
                " of the month possibly taken: init's answer was lost. No action is needed; such fees are refunded"
                        + " after the token's life.");
        return findings;
    }

    private static void add(List<Finding> findings, String code, long count, String detail) {
        if (count > 0) {
            findings.add(new Finding(code, count, count + (count == 1 ? " fee" : " fees") + detail));
        }
    }
}
