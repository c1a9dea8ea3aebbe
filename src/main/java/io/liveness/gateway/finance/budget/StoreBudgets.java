package io.liveness.gateway.finance.budget;

import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Budgets as they are stored and configured, and what is spent of them. A stored budget is in force instead of a configured one. */
@Singleton
class StoreBudgets {

    /** A fee is stored with the time of a replica's clock: at most two minutes ago for one that ends, and its statement takes seconds. */
    private static final Duration NO_FEE_BEFORE = Duration.ofMinutes(10);

    private final Batch batch;
    private final ConfiguredBudgets configured;
    private final Clock clock;

    StoreBudgets(Batch batch, ConfiguredBudgets configured, Clock clock) {
        this.batch = batch;
        this.configured = configured;
        this.clock = clock;
    }

    /**
     * Sets a budget and records it on the audit list.
     *
     * @param by the actor
     */
    void set(String caller, Money amount, boolean hardStop, Actor by) {
        batch.transact(connection -> {
            Sql.execute(connection, """
                    insert into caller_budget (caller, amount, currency, hard_stop, set_by, set_at)
                    values (?, ?, ?, ?, ?, liveness_now())
                    on conflict (caller) do update
                    set amount = excluded.amount, currency = excluded.currency, hard_stop = excluded.hard_stop,
                        set_by = excluded.set_by, set_at = excluded.set_at
                    """, caller, amount.units(), amount.currency(), hardStop, by.name());
            Map<String, String> detail = Map.of(
                    "amount", amount.decimal(), "currency", amount.currency(), "hardStop", String.valueOf(hardStop));
            Audit.record(connection, AuditedAct.BUDGET_SET, by, caller, detail);
            return null;
        });
    }

    /**
     * Removes a budget and records it on the audit list.
     *
     * @param by the actor
     * @return whether it existed; a configured budget stays
     */
    boolean remove(String caller, Actor by) {
        return batch.transact(connection -> {
            boolean there = Sql.execute(connection, "delete from caller_budget where caller = ?", caller) > 0;
            if (there) {
                Audit.record(connection, AuditedAct.BUDGET_REMOVED, by, caller, Map.of());
            }
            return there;
        });
    }

    /**
     * How all budgets stand in a month, by caller in the order of their names. It waits for no other reading, and is short behind
     * {@link #moveOn}.
     */
    Map<String, Budget.Standing> standings(Month month) {
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            Map<String, Budget> budgets = inForce(connection);
            Map<String, Budget.Standing> standings = new LinkedHashMap<>();
            if (!budgets.isEmpty()) {
                spent(connection, callers(connection, budgets), currencies(connection, budgets), month)
                        .forEach((caller, spent) ->
                                standings.put(caller, new Budget.Standing(budgets.get(caller), month, spent)));
            }
            return standings;
        });
    }

    /** Moves the stored sums of a month on, unless another replica does it for longer than a few seconds. */
    void moveOn(Month month) {
        try {
            batch.transact(
                    connection -> {
                        Map<String, Budget> budgets = inForce(connection);
                        if (!budgets.isEmpty()) {
                            moveOn(
                                    connection,
                                    callers(connection, budgets),
                                    currencies(connection, budgets),
                                    month,
                                    clock.instant().minus(NO_FEE_BEFORE));
                        }
                        return null;
                    },
                    () -> new ProblemException(ProblemCode.BUSY, "The sums of budgets are locked."));
        } catch (ProblemException busy) {
            // What is spent is right without it.
        }
    }

    /** The budgets by caller. */
    private Map<String, Budget> inForce(Connection connection) throws SQLException {
        Map<String, Budget> budgets = new TreeMap<>(configured.byCaller());
        Sql.list(
                        connection,
                        "select caller, amount, currency, hard_stop, set_by, set_at from caller_budget",
                        StoreBudgets::budget)
                .forEach(budget -> budgets.put(budget.caller(), budget));
        return budgets;
    }

    private static Array callers(Connection connection, Map<String, Budget> budgets) throws SQLException {
        return connection.createArrayOf("text", budgets.keySet().toArray());
    }

    private static Array currencies(Connection connection, Map<String, Budget> budgets) throws SQLException {
        return connection.createArrayOf(
                "text",
                budgets.values().stream()
                        .map(budget -> budget.amount().currency())
                        .toArray());
    }

    private static Budget budget(ResultSet row) throws SQLException {
        return new Budget(
                row.getString("caller"),
                new Money(row.getLong("amount"), row.getString("currency")),
                row.getBoolean("hard_stop"),
                row.getString("set_by"),
                Sql.time(row, "set_at"));
    }

    /**
     * Moves the stored sum of each budget on, see {@code docs/decisions/0011}. No fee comes up or comes back before the moment that it is
     * moved to at the latest: an init that was sent before it is still on the schedule as OPENING, and an end is stored within minutes of its
     * time. These times and that moment are by the clock on which the replicas agree. An imported fee does. What came back or was imported
     * after that moment is not in the sum.
     */
    private static void moveOn(Connection connection, Array callers, Array currencies, Month month, Instant latest)
            throws SQLException {
        Sql.execute(connection, """
                insert into caller_spent (caller, currency, month_from, upto, spent)
                select b.caller, b.currency, m.began, next.upto,
                       budget_spent(b.caller, b.currency, m.began, next.upto) + coalesce(returned.fees, 0) - coalesce(imported.fees, 0)
                from unnest(?::text[], ?::text[]) b (caller, currency)
                cross join (values (?::timestamptz, ?::timestamptz)) m (began, ended)
                left join caller_spent c on c.caller = b.caller and c.currency = b.currency and c.month_from = m.began
                cross join lateral (
                    select least(
                        m.ended,
                        ?::timestamptz,
                        (select min(l.init_at) from unsettled_by_caller o join unsettled l on l.session_id = o.session_id
                         where o.caller = b.caller and o.status = 'OPENING')) as upto) next
                -- Offset 0 finds refunds by when they ended: ten callers of 6,700 each in a month, in 400,000 entries, take 8 ms, and 60 without.
                cross join lateral (
                    select sum(amount) as fees
                    from (select * from ledger where kind = 'REFUND' and caller = b.caller and recorded_at >= next.upto offset 0) e
                    where init_at >= m.began and init_at < next.upto and currency = b.currency) returned
                cross join lateral (
                    select sum(amount) as fees from ledger
                    where basis = 'IMPORTED' and caller = b.caller and recorded_at >= next.upto and init_at >= m.began and init_at < next.upto
                      and currency = b.currency) imported
                where next.upto > coalesce(c.upto, m.began) + interval '1 minute'
                order by b.caller
                on conflict (caller, currency, month_from) do update set upto = excluded.upto, spent = excluded.spent
                where caller_spent.upto < excluded.upto
                """, callers, currencies, month.from(), month.to(), latest);
    }

    /** In the units of {@link Money}, by caller: fees pre-deducted in the month that have not come back, in the currency of the budget. */
    private static Map<String, Long> spent(Connection connection, Array callers, Array currencies, Month month)
            throws SQLException {
        Map<String, Long> spent = new TreeMap<>();
        Sql.list(
                connection,
                """
                select b.caller, budget_spent(b.caller, b.currency, ?, ?) as spent
                from unnest(?::text[], ?::text[]) b (caller, currency)
                """,
                row -> spent.put(row.getString("caller"), row.getLong("spent")),
                month.from(),
                month.to(),
                callers,
                currencies);
        return spent;
    }
}
