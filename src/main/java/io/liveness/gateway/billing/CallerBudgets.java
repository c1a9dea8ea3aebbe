package io.liveness.gateway.billing;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/**
 * The budgets of callers and what is spent, as this replica last read them. Opens check them in memory, without a round trip; opens of the
 * last seconds at other replicas are not included, see {@code docs/decisions/0041}.
 */
@Singleton
public class CallerBudgets {

    private volatile Map<String, BudgetStanding> standings = Map.of();

    /** Empty for a caller without a budget, and before the first reading. */
    public Optional<BudgetStanding> of(String caller) {
        return Optional.ofNullable(standings.get(caller));
    }

    /** @return how they stood before, by caller */
    public Map<String, BudgetStanding> replace(Map<String, BudgetStanding> read) {
        Map<String, BudgetStanding> before = standings;
        standings = Map.copyOf(read);
        return before;
    }
}
