package io.liveness.gateway.books;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Above which amounts two people are needed: one proposes what finance does, and another one confirms it. */
@ConfigMapping(prefix = "liveness.finance.approval")
public interface Approvals {

    /**
     * What a person accepts of a month's statements beyond this, or in another currency,
     * <a href="docs/finance.md#differences">a second one confirms</a>.
     */
    @WithDefault("100.00 CNY")
    Money acceptanceAbove();
}
