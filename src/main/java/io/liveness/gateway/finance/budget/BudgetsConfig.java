package io.liveness.gateway.finance.budget;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** What callers may spend. */
@ConfigMapping(prefix = "liveness.finance")
interface BudgetsConfig {

    /**
     * {@code <caller>=<amount of a month> <currency>,…}; with {@code hard-stop} behind it, nothing is opened once it is spent.
     * A budget that is set by the API is in force instead.
     */
    Optional<List<String>> budgets();
}
