package io.liveness.gateway.finance.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.books.Money;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredBudgetsTest {

    @Test
    void a_caller_may_be_named_as_any_token_names_it() {
        ConfiguredBudgets budgets = new ConfiguredBudgets(
                List.of("system:serviceaccount:shop=a:checkout=1000.00 CNY", " kiosk = 50 JPY hard-stop "));

        assertThat(budgets.byCaller().values())
                .containsExactlyInAnyOrder(
                        new Budget(
                                "system:serviceaccount:shop=a:checkout",
                                Money.parse("1000.00", "CNY"),
                                false,
                                null,
                                null),
                        new Budget("kiosk", Money.parse("50", "JPY"), true, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "shop=",
                "shop=1000",
                "shop=1000 cny",
                "=1000 CNY",
                "shop=-1 CNY",
                "shop=1 CNY stop",
                "shop=0.8000005 CNY",
                "shop=1 XXZ"
            })
    void a_malformed_budget_is_refused_with_the_name_of_the_property(String given) {
        assertThatThrownBy(() -> new ConfiguredBudgets(List.of(given)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("liveness.finance.budgets")
                .hasMessageContaining(given);
    }

    @Test
    void a_caller_has_one_budget() {
        assertThatThrownBy(() -> new ConfiguredBudgets(List.of("shop=1 CNY", "shop=2 CNY")))
                .hasMessageContaining("has a budget already");
    }
}
