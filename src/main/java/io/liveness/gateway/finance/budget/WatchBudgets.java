package io.liveness.gateway.finance.budget;

import io.liveness.gateway.billing.BudgetStanding;
import io.liveness.gateway.billing.CallerBudgets;
import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Reads every few seconds how much of each budget is spent: for opens at this replica, for {@code liveness.caller.budget.used}, and for the
 * log, which reports 50, 80 and 100 percent once per replica. While the database cannot be read, the last figures stay.
 */
@Startup // its metric is there from the start
@Singleton
class WatchBudgets {

    private static final Logger LOG = Logger.getLogger(WatchBudgets.class);

    private final StoreBudgets budgets;
    private final SumSpent spent;
    private final CallerBudgets standings;
    private final Prices prices;
    private final Clock clock;
    private final MultiGauge used;
    // Both are touched under the lock of this object alone.
    private long begun;
    private Optional<Reading> last = Optional.empty();

    /** @param number of readings that began before it */
    private record Reading(long number, Map<String, Standing> standings) {}

    WatchBudgets(
            StoreBudgets budgets,
            SumSpent spent,
            CallerBudgets standings,
            ConfiguredBudgets configured,
            Prices prices,
            Clock clock,
            MeterRegistry registry) {
        this.budgets = budgets;
        this.spent = spent;
        this.standings = standings;
        this.prices = prices;
        this.clock = clock;
        this.used = MultiGauge.builder("liveness.caller.budget.used")
                .description("What a caller has spent this month, of a budget that is 1")
                .register(registry);
        show(configured.byCaller().keySet());
    }

    @NonBlocking
    @Scheduled(identity = "budgets", every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> watch() {
        return read().replaceWithVoid()
                .onFailure()
                .invoke(failure -> FailedWork.log(LOG, "budget.not-read", failure))
                .onFailure()
                .recoverWithNull();
    }

    /** How the budgets stood when they were last read, by caller in the order of their names. It costs no statement, but for the first. */
    Uni<Map<String, Standing>> known() {
        Optional<Reading> known = last();
        return known.isPresent() ? Uni.createFrom().item(known.get().standings()) : read();
    }

    private synchronized Optional<Reading> last() {
        return last;
    }

    private synchronized long begin() {
        return begun++;
    }

    /** How the budgets stand now, by caller in the order of their names; opens of this replica go by it from now on. */
    Uni<Map<String, Standing>> read() {
        long number = begin();
        Instant now = clock.instant();
        Month month = Month.at(now, prices.zone());
        return budgets.all()
                .chain(all -> spent(all, month, now).map(amounts -> {
                    Map<String, Standing> read = new LinkedHashMap<>();
                    all.forEach((caller, budget) ->
                            read.put(caller, new Standing(budget, month, amounts.getOrDefault(caller, 0L))));
                    tell(new Reading(number, read));
                    return read;
                }));
    }

    private Uni<Map<String, Long>> spent(Map<String, Budget> all, Month month, Instant now) {
        return all.isEmpty() ? Uni.createFrom().item(Map.of()) : spent.of(all.values(), month, now);
    }

    /** A reading that began before the last reported one is older and is not reported. */
    private synchronized void tell(Reading reading) {
        if (last.isPresent() && last.get().number() > reading.number()) {
            return;
        }
        last = Optional.of(reading);
        Map<String, BudgetStanding> now = new HashMap<>();
        reading.standings().forEach((caller, standing) -> now.put(caller, standing.standing()));
        Map<String, BudgetStanding> before = standings.replace(now);
        now.forEach((caller, standing) -> tell(caller, before.get(caller), standing));
        show(now.keySet());
    }

    /** Rows that are there stay: one that was removed and added again would be missing from a scrape in between. */
    private void show(Set<String> callers) {
        used.register(callers.stream()
                .<Row<?>>map(caller -> Row.of(Tags.of("caller", caller), this, watch -> watch.used(caller)))
                .toList());
    }

    /** {@code NaN} until the first reading. */
    private double used(String caller) {
        return last().map(reading -> reading.standings().get(caller))
                .map(Standing::standing)
                .map(WatchBudgets::share)
                .orElse(Double.NaN);
    }

    private static void tell(String caller, BudgetStanding before, BudgetStanding now) {
        int told = before != null && before.from().equals(now.from()) ? before.reached() : 0;
        if (now.reached() > told) {
            LOG.infof(
                    "budget.reached caller=%s percent=%d hardStop=%s spent=%d budget=%d currency=%s",
                    caller,
                    now.reached(),
                    now.hardStop(),
                    now.spent(),
                    now.budget().minor(),
                    now.budget().currency());
        }
    }

    /** For a metric alone. A budget of nothing is used up. */
    private static double share(BudgetStanding standing) {
        return standing.budget().minor() == 0
                ? 1
                : (double) standing.spent() / standing.budget().minor();
    }
}
