package io.liveness.gateway.finance.budget;

import io.liveness.gateway.billing.BudgetStanding;
import io.liveness.gateway.finance.Month;

/**
 * A budget and what is spent of it.
 *
 * @param spent in the units of {@link io.liveness.gateway.billing.Money}, of its currency
 */
record Standing(Budget budget, Month month, long spent) {

    BudgetStanding standing() {
        return new BudgetStanding(budget.amount(), spent, budget.hardStop(), month.from(), month.to());
    }
}
