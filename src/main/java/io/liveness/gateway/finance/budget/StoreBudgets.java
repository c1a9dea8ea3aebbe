package io.liveness.gateway.finance.budget;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Budgets as they are stored and configured. A stored one is in force instead of a configured one. */
@Singleton
class StoreBudgets {

    // One row for each caller that was given one: as many as there are internal services.
    private static final String ALL =
            "select caller, amount, currency, hard_stop, set_by, set_at from caller_budget order by caller";

    private static final String SET = """
            with budget as (
                insert into caller_budget (caller, amount, currency, hard_stop, set_by, set_at)
                values ($1, $2, $3, $4, $5, liveness_now())
                on conflict (caller) do update
                set amount = excluded.amount, currency = excluded.currency, hard_stop = excluded.hard_stop,
                    set_by = excluded.set_by, set_at = excluded.set_at
                returning caller, currency, hard_stop, set_by
            ), act as (
                select $6::uuid as id, set_by as who, '%s' as what, caller as subject,
                       jsonb_build_object('amount', $7::text, 'currency', currency, 'hardStop', hard_stop::text) as detail
                from budget
            )
            %s""".formatted(AuditedAct.BUDGET_SET.code(), Audit.entriesFrom("act"));

    private static final String REMOVE = """
            with budget as (
                delete from caller_budget where caller = $1 returning caller
            ), act as (
                select $2::uuid as id, $3::text as who, '%s' as what, caller as subject, '{}'::jsonb as detail from budget
            )
            %s""".formatted(AuditedAct.BUDGET_REMOVED.code(), Audit.entriesFrom("act"));

    private final Database database;
    private final ConfiguredBudgets configured;

    StoreBudgets(Database database, ConfiguredBudgets configured) {
        this.database = database;
        this.configured = configured;
    }

    /** By caller, in the order of their names. */
    Uni<Map<String, Budget>> all() {
        return database.read(ALL, Tuple.tuple()).map(rows -> {
            Map<String, Budget> budgets = new TreeMap<>(configured.byCaller());
            rows.forEach(row -> budgets.put(row.getString(0), budget(row)));
            return budgets;
        });
    }

    /**
     * Sets a budget and records it on the audit list.
     *
     * @param by the actor
     */
    Uni<Void> set(String caller, Money amount, boolean hardStop, String by) {
        return database.execute(
                        SET,
                        Tuple.tuple()
                                .addString(caller)
                                .addLong(amount.minor())
                                .addString(amount.currency())
                                .addBoolean(hardStop)
                                .addString(by)
                                .addUUID(Audit.newId())
                                .addString(amount.decimal()))
                .replaceWithVoid();
    }

    /**
     * Removes a budget and records it on the audit list.
     *
     * @param by the actor
     * @return whether it existed; a configured budget stays
     */
    Uni<Boolean> remove(String caller, String by) {
        return database.execute(REMOVE, Tuple.of(caller, Audit.newId(), by)).map(rows -> rows.rowCount() > 0);
    }

    private static Budget budget(Row row) {
        int at = 0;
        return new Budget(
                row.getString(at++),
                new Money(row.getLong(at++), row.getString(at++)),
                row.getBoolean(at++),
                Optional.of(new Budget.Set(
                        row.getString(at++), row.getOffsetDateTime(at).toInstant())));
    }
}
