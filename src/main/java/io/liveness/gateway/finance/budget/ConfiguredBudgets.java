package io.liveness.gateway.finance.budget;

import io.liveness.gateway.books.Money;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The budgets of {@code liveness.finance.budgets}. */
@Singleton
class ConfiguredBudgets implements ConfigurationRule {

    /** Budgets of finance. */
    @ConfigMapping(prefix = "liveness.finance")
    interface BudgetSettings {

        /**
         * {@code <caller>=<amount> <currency>,…}: <a href="docs/finance.md#budgets">budgets</a> of a month. With {@code hard-stop} after an
         * entry opens are refused once it is spent. A budget set by the API replaces the entry.
         */
        Optional<List<String>> budgets();
    }

    private static final String PROPERTY = "liveness.finance.budgets";
    // A caller's name may hold anything; what follows has no equals sign.
    private static final Pattern FORM =
            Pattern.compile("\\s*(\\S.*?)\\s*=\\s*(\\d{1,12}(?:\\.\\d+)?)\\s+([A-Z]{3})(\\s+hard-stop)?\\s*");

    private final Map<String, Budget> byCaller = new HashMap<>();

    @Inject
    ConfiguredBudgets(BudgetSettings config) {
        this(config.budgets().orElse(List.of()));
    }

    ConfiguredBudgets(List<String> budgets) {
        budgets.forEach(this::add);
    }

    private void add(String given) {
        Matcher form = FORM.matcher(given);
        try {
            if (!form.matches()) {
                throw new IllegalArgumentException("it does not have that form");
            }
            Budget budget = new Budget(
                    form.group(1), Money.parse(form.group(2), form.group(3)), form.group(4) != null, null, null);
            if (byCaller.put(budget.caller(), budget) != null) {
                throw new IllegalArgumentException("that caller has a budget already");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    PROPERTY
                            + " must be <caller>=<amount> <currency>,… or <caller>=<amount> <currency> hard-stop,…; wrong is '"
                            + given.strip() + "': " + e.getMessage(),
                    e);
        }
    }

    Map<String, Budget> byCaller() {
        return byCaller;
    }

    Map<String, Money> hardStops() {
        return byCaller.values().stream()
                .filter(Budget::hardStop)
                .collect(Collectors.toMap(Budget::caller, Budget::amount));
    }
}
