package io.liveness.gateway.finance.budget;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Budgets and acceptances of finance. */
@ConfigMapping(prefix = "liveness.finance")
interface BudgetsConfig {

    /**
     * {@code <caller>=<amount of a month> <currency>,…}: monthly budgets. With {@code hard-stop} after an entry, opens
     * are refused once it is spent. A budget set by the API replaces the entry.
     *
     * @see <a href="docs/finance.md#budgets">budgets</a>
     */
    Optional<List<String>> budgets();
}
