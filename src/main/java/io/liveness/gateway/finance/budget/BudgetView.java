package io.liveness.gateway.finance.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A budget as the API tells it. */
@Schema(name = "Budget", description = "What a caller may spend in a month, and how far it has.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record BudgetView(
        @Schema(required = true, description = "Whose budget it is.")
        String caller,

        @Schema(required = true, description = "What may be spent in a month.")
        AmountView amount,

        @Schema(required = true, description = "Whether nothing is opened for the caller once it is spent.")
        boolean hardStop,

        @Schema(
                required = true,
                description = "The present month, where prices begin (`liveness.billing.time-zone`).",
                pattern = "^[0-9]{4}-[0-9]{2}$",
                examples = "2026-11")
        String month,

        @Schema(
                required = true,
                description = "Pre-deducted in this month and not come back, in the currency of the budget.")
        AmountView spent,

        @Schema(
                required = true,
                description = "The highest of 50, 80 and 100 percent that is spent; 0 below.",
                minimum = "0",
                maximum = "100")
        int reached,

        @Schema(description = "Who set it; absent when it is configured.")
        String setBy,

        @Schema(description = "When; absent when it is configured.")
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
