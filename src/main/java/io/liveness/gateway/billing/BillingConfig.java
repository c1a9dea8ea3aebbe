package io.liveness.gateway.billing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.ZoneId;
import java.util.List;

/** What a check costs. The vendor sells packs, so the price of one is a matter of contract, not of its document. */
@ConfigMapping(prefix = "liveness.billing")
interface BillingConfig {

    /** {@code <from date>=<amount> <currency>,…}: each price holds from its date on until the next one's. */
    @WithDefault("1970-01-01=0.00 CNY")
    List<String> prices();

    /** Where the dates of the prices begin; the vendor's own zone by default. */
    @WithDefault("Asia/Shanghai")
    @WithConverter(TimeZoneConverter.class)
    ZoneId timeZone();
}
