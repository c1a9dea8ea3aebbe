package io.liveness.gateway.billing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.ZoneId;
import java.util.List;

/** Price of a check. The vendor sells packs, so the price is a matter of contract. */
@ConfigMapping(prefix = "liveness.billing")
interface BillingConfig {

    /** {@code <from date>=<amount> <currency>,…}: the price of one check from that date on, with up to six decimals (CNY). One price must hold today. */
    @WithDefault("1970-01-01=0.00 CNY")
    List<String> prices();

    /** Time zone of those dates, and of the months of budgets and periods. */
    @WithDefault("Asia/Shanghai")
    @WithConverter(TimeZoneConverter.class)
    ZoneId timeZone();
}
