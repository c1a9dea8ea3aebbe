package io.liveness.gateway.statement.difference;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** When a second person confirms an adjustment. */
@ConfigMapping(prefix = "liveness.finance")
interface FourEyesConfig {

    /**
     * {@code <amount> <currency>}: what a person accepts of a statement beyond this, or in another currency, is confirmed by a second
     * person.
     *
     * @see <a href="docs/finance.md#differences">differences</a>
     */
    @WithDefault("100.00 CNY")
    String fourEyesAbove();
}
