package io.liveness.gateway.books;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/**
 * The budgets of callers and what is spent, as this replica last read them, some seconds ago: for what answers and metrics tell. Whether an
 * open fits into a budget with a hard stop is decided by the statement that stores it, which reads the budget itself, see {@code
 * docs/decisions/0031}.
 */
@Singleton
public class CallerBudgets {

    private volatile Map<String, Money> configuredHardStops = Map.of();
    private volatile Map<String, BudgetStanding> standings;

    /** Empty for a caller without a budget, and before the first reading. */
    public Optional<BudgetStanding> of(String caller) {
        Map<String, BudgetStanding> known = standings;
        return known == null ? Optional.empty() : Optional.ofNullable(known.get(caller));
    }

    /** Configured budgets with a hard stop, by caller. A stored one counts instead. */
    public Map<String, Money> configuredHardStops() {
        return configuredHardStops;
    }

    public void configure(Map<String, Money> hardStops) {
        configuredHardStops = Map.copyOf(hardStops);
    }

    /** @return how they stood before, by caller */
    public Map<String, BudgetStanding> replace(Map<String, BudgetStanding> read) {
        Map<String, BudgetStanding> before = standings;
        standings = Map.copyOf(read);
        return before == null ? Map.of() : before;
    }
}
