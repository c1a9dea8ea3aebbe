package io.liveness.gateway.ledger;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/**
 * The budgets of callers and what is spent, as this replica last read them, some seconds ago. Whether an open still fits into a budget with a
 * hard stop is decided where it is stored, see {@code docs/decisions/0031}.
 */
@Singleton
public class CallerBudgets {

    private volatile Map<String, BudgetStanding> standings;

    /** Empty for a caller without a budget, and before the first reading. */
    public Optional<BudgetStanding> of(String caller) {
        Map<String, BudgetStanding> known = standings;
        return known == null ? Optional.empty() : Optional.ofNullable(known.get(caller));
    }

    /** Whether they were read since the start. Until then it is not known whose budget has a hard stop. */
    public boolean areKnown() {
        return standings != null;
    }

    /** @return how they stood before, by caller */
    public Map<String, BudgetStanding> replace(Map<String, BudgetStanding> read) {
        Map<String, BudgetStanding> before = standings;
        standings = Map.copyOf(read);
        return before == null ? Map.of() : before;
    }
}
