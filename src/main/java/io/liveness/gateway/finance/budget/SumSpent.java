package io.liveness.gateway.finance.budget;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums what callers have spent in a month: fees pre-deducted in it that have not come back, in the currency of their budget.
 *
 * <p>Fees older than a few hours hardly change any more. Their sum is cached for ten minutes; each reading adds the younger fees, so that
 * its time does not grow during the month.
 */
@Singleton
class SumSpent {

    /** Longer than a token's life and the grace after it, by default. */
    private static final Duration MAY_CHANGE = Duration.ofHours(4);

    private static final Duration KEPT_FOR = Duration.ofMinutes(10);

    private static final String SUM = """
            select b.caller, coalesce((
                select sum(s.fee_amount) from liveness_session s
                where s.caller = b.caller and s.fee_amount is not null and s.init_at >= $3 and s.init_at < $4
                  and s.fee_currency = b.currency and s.charge_status <> 'REFUNDED'), 0)::bigint
            from unnest($1::text[], $2::text[]) b (caller, currency)
            """;

    private final Database database;
    private volatile Kept kept = new Kept(Map.of(), Instant.MIN, Instant.MIN, Instant.MIN, Map.of());

    SumSpent(Database database) {
        this.database = database;
    }

    /**
     * The amount spent from the beginning of a month to a moment.
     *
     * @param currencies the currencies of the budgets, by caller
     */
    private record Kept(
            Map<String, String> currencies, Instant from, Instant to, Instant readAt, Map<String, Long> spent) {

        boolean isOf(Map<String, String> wanted, Month month, Instant now) {
            return currencies.equals(wanted)
                    && from.equals(month.from())
                    && !now.isBefore(readAt)
                    && now.isBefore(readAt.plus(KEPT_FOR));
        }
    }

    /** In minor units, by caller. */
    Uni<Map<String, Long>> of(Collection<Budget> budgets, Month month, Instant now) {
        Map<String, String> currencies = new HashMap<>();
        budgets.forEach(
                budget -> currencies.put(budget.caller(), budget.amount().currency()));
        return kept(currencies, month, now)
                .chain(before -> read(currencies, before.to(), month.to()).map(since -> {
                    Map<String, Long> spent = new HashMap<>(before.spent());
                    since.forEach((caller, amount) -> spent.merge(caller, amount, Math::addExact));
                    return spent;
                }));
    }

    private Uni<Kept> kept(Map<String, String> currencies, Month month, Instant now) {
        Kept known = kept;
        if (known.isOf(currencies, month, now)) {
            return Uni.createFrom().item(known);
        }
        Instant to = now.minus(MAY_CHANGE).isAfter(month.from()) ? now.minus(MAY_CHANGE) : month.from();
        return read(currencies, month.from(), to)
                .map(spent -> new Kept(currencies, month.from(), to, now, spent))
                .invoke(read -> kept = read);
    }

    private Uni<Map<String, Long>> read(Map<String, String> currencies, Instant from, Instant to) {
        return database.read(
                        SUM,
                        Tuple.of(
                                currencies.keySet().toArray(String[]::new),
                                currencies.values().toArray(String[]::new),
                                from.atOffset(ZoneOffset.UTC),
                                to.atOffset(ZoneOffset.UTC)))
                .map(SumSpent::byCaller);
    }

    private static Map<String, Long> byCaller(RowSet<Row> rows) {
        Map<String, Long> spent = new HashMap<>();
        rows.forEach(row -> spent.put(row.getString(0), row.getLong(1)));
        return spent;
    }
}
