package io.liveness.gateway.finance.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import java.time.Instant;

/** A budget as the API tells it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BudgetView(
        String caller,
        AmountView amount,
        boolean hardStop,
        String month,
        AmountView spent,
        int reached,
        String setBy,
        Instant setAt) {

    static BudgetView of(Standing standing) {
        Budget budget = standing.budget();
        return new BudgetView(
                budget.caller(),
                AmountView.of(budget.amount()),
                budget.hardStop(),
                standing.month().name().toString(),
                AmountView.of(new Money(standing.spent(), budget.amount().currency())),
                standing.standing().reached(),
                budget.set().map(Budget.Set::by).orElse(null),
                budget.set().map(Budget.Set::at).orElse(null));
    }
}
