package io.liveness.gateway.finance.budget;

import io.liveness.gateway.books.BudgetStanding;
import io.liveness.gateway.books.CallerBudgets;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.books.Prices;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Reads every few seconds how the budgets stand: for the answers to opens, for {@code liveness.caller.budget.used}, and for the
 * log, which reports 50, 80 and 100 percent once per replica. While the database cannot be read, the last figures stay.
 */
@Singleton
class WatchBudgets {

    private static final Logger LOG = Logger.getLogger(WatchBudgets.class);

    private final StoreBudgets budgets;
    private final CallerBudgets standings;
    private final Prices prices;
    private final Clock clock;
    private final MultiGauge used;

    private final AtomicLong readings = new AtomicLong();
    /** The number of the reading that is told; guarded by this. */
    private long told;

    WatchBudgets(
            StoreBudgets budgets,
            CallerBudgets standings,
            ConfiguredBudgets configured,
            Prices prices,
            Clock clock,
            MeterRegistry registry) {
        this.budgets = budgets;
        this.standings = standings;
        this.prices = prices;
        this.clock = clock;
        this.used = MultiGauge.builder("liveness.caller.budget.used")
                .description("What a caller has spent this month, of a budget that is 1")
                .register(registry);
        standings.configure(configured.hardStops());
        show(configured.byCaller().keySet());
    }

    /** The first answers tell of the budgets too, and the sums of hard stops are stored before the first open. */
    void start(@Observes StartupEvent start) {
        watch();
    }

    /** Never fails. */
    @Scheduled(identity = "budgets", every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    void watch() {
        try {
            budgets.moveOn(month());
            long reading = readings.incrementAndGet();
            tell(reading, read());
        } catch (RuntimeException failure) {
            FailedWork.log(LOG, "budget.not-read", failure);
        }
    }

    /** How the budgets stand now, by caller in the order of their names. */
    Map<String, Budget.Standing> read() {
        return budgets.standings(month());
    }

    private Month month() {
        return Month.at(clock.instant(), prices.zone());
    }

    /** Answers of this replica tell it from now on, unless a reading that began later is told already. */
    private synchronized void tell(long reading, Map<String, Budget.Standing> read) {
        if (reading < told) {
            return;
        }
        told = reading;
        Map<String, BudgetStanding> now = new HashMap<>();
        read.forEach((caller, standing) -> now.put(caller, standing.standing()));
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
        return standings.of(caller).map(WatchBudgets::share).orElse(Double.NaN);
    }

    private static void tell(String caller, BudgetStanding before, BudgetStanding now) {
        int told = before != null && before.from().equals(now.from()) ? before.reached() : 0;
        if (now.reached() > told) {
            LOG.infof(
                    "budget.reached caller=%s percent=%d hardStop=%s spent=%s budget=%s currency=%s",
                    caller,
                    now.reached(),
                    now.hardStop(),
                    new Money(now.spent(), now.budget().currency()).decimal(),
                    now.budget().decimal(),
                    now.budget().currency());
        }
    }

    /** The share is for a metric alone. A budget of nothing is used up. */
    private static double share(BudgetStanding standing) {
        return standing.budget().units() == 0
                ? 1
                : (double) standing.spent() / standing.budget().units();
    }
}
