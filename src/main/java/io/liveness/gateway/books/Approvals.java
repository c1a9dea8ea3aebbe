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

    /**
     * <a href="docs/finance.md#differences">Two people withdraw</a> a statement that charges more than this, of which more was accepted, or
     * that is in another currency; or replace it by another bill.
     */
    @WithDefault("0.00 CNY")
    Money withdrawalAbove();
}
