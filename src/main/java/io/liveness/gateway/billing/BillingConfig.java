package io.liveness.gateway.billing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import org.eclipse.microprofile.config.spi.Converter;

/** Price of a check. The vendor sells packs, so the price is a matter of contract. */
@ConfigMapping(prefix = "liveness.billing")
interface BillingConfig {

    /** {@code <from date>=<amount> <currency>,…}: the price of one check from that date on, with up to six decimals (CNY). One price must hold today. */
    @WithDefault("1970-01-01=0.00 CNY")
    List<String> prices();

    /** Time zone of those dates, and of the months of budgets and periods. */
    @WithDefault("Asia/Shanghai")
    @WithConverter(TimeZone.class)
    ZoneId timeZone();

    /** Names the wrong property, which the built-in converter does not. */
    class TimeZone implements Converter<ZoneId> {

        @Override
        public ZoneId convert(String value) {
            try {
                return ZoneId.of(value);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "liveness.billing.time-zone must be a time zone such as Asia/Shanghai, not " + value, e);
            }
        }
    }
}
