package io.liveness.gateway.statement.acceptance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** When a second person has to confirm an adjustment. */
@ConfigMapping(prefix = "liveness.finance")
interface FourEyesConfig {

    /** {@code <amount> <currency>}: of a request that adjusts by more, or in another currency. */
    @WithDefault("100.00 CNY")
    String fourEyesAbove();
}
