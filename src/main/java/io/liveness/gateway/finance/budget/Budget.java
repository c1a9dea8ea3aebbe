package io.liveness.gateway.finance.budget;

import io.liveness.gateway.books.BudgetStanding;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Month;
import java.time.Instant;

/**
 * The monthly budget of a caller.
 *
 * @param hardStop whether opens are refused once it is spent
 * @param setBy the actor that set it by the API; null when it is configured, as is {@code setAt}
 */
record Budget(String caller, Money amount, boolean hardStop, String setBy, Instant setAt) {

    /**
     * A budget and what is spent of it.
     *
     * @param spent in the units of {@link Money}, of its currency
     */
    record Standing(Budget budget, Month month, long spent) {

        BudgetStanding standing() {
            return new BudgetStanding(budget.amount, spent, budget.hardStop, month.from(), month.to());
        }
    }
}
