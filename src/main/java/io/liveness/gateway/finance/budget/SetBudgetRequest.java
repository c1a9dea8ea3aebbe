package io.liveness.gateway.finance.budget;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;

/** What a budget is set to. */
record SetBudgetRequest(
        @NotNull(message = "is required") @Valid BudgetAmount amount, Boolean hardStop) {

    private static final String FORM = "[0-9]{1,12}(\\.[0-9]{1,6})?";
    private static final String CURRENCY = "[A-Z]{3}";

    /** An amount that is not negative. */
    record BudgetAmount(
            @NotNull(message = "is required")
            @Pattern(
                    regexp = FORM,
                    message = "must be a decimal number such as 1000.00, of at most 12 digits before the point")
            String value,

            @NotNull(message = "is required") @Pattern(regexp = CURRENCY, message = "must be a code of ISO 4217")
            String currency) {}

    Money money() {
        try {
            return Money.parse(amount.value(), amount.currency());
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(
                    "amount",
                    "must be in a currency of ISO 4217, with at most four decimals more than its minor unit has");
        }
    }

    boolean stops() {
        return Objects.requireNonNullElse(hardStop, false);
    }
}
