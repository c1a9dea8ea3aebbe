package io.liveness.gateway.finance.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A budget as the API tells it. */
@Schema(name = "Budget", description = "A caller's monthly budget and how much of it is spent.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record BudgetView(
        @Schema(required = true, description = "The caller that the budget applies to.")
        String caller,

        @Schema(required = true, description = "The amount that may be spent in a month.")
        AmountView amount,

        @Schema(required = true, description = "Whether opens are refused once the budget is spent.")
        boolean hardStop,

        @Schema(
                required = true,
                description = "The current month in the zone `liveness.billing.time-zone`.",
                pattern = "^[0-9]{4}-[0-9]{2}$",
                examples = "2026-11")
        String month,

        @Schema(
                required = true,
                description = "Pre-deducted in this month and not refunded, in the currency of the budget.")
        AmountView spent,

        @Schema(
                required = true,
                description = "The highest of the thresholds 50, 80 and 100 percent that is reached; 0 below 50.",
                minimum = "0",
                maximum = "100")
        int reached,

        @Schema(description = "The caller that set it; absent for a configured one.")
        String setBy,

        @Schema(description = "When it was set; absent for a configured one.")
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
