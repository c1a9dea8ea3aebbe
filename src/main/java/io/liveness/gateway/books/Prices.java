package io.liveness.gateway.books;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;
import org.jboss.logging.Logger;

/** The unit price of a check by the day it was pre-deducted. */
@Singleton
public class Prices implements ConfigurationRule {

    /** Price of a check. The vendor sells packs, so the price is a matter of contract. */
    @ConfigMapping(prefix = "liveness.billing")
    interface PriceSettings {

        /**
         * {@code <from date>=<amount> <currency>,…}: price of a check from that date on; CNY has up to six decimals. One must hold today.
         */
        @WithDefault("1970-01-01=0.00 CNY")
        List<String> prices();

        /** Time zone of prices, and of the months of budgets and periods. */
        @WithDefault("Asia/Shanghai")
        @WithConverter(TimeZone.class)
        ZoneId timeZone();
    }

    /** Names the wrong property, which the built-in converter does not. */
    public static final class TimeZone implements Converter<ZoneId> {

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

    private static final Logger LOG = Logger.getLogger(Prices.class);
    private static final String PROPERTY = "liveness.billing.prices";
    private static final Pattern FORM =
            Pattern.compile("\\s*(\\S+?)\\s*=\\s*(\\d{1,12}(?:\\.\\d+)?)\\s+([A-Z]{3})\\s*");

    private final TreeMap<LocalDate, Money> byFirstDay = new TreeMap<>();
    private final ZoneId zone;

    @Inject
    Prices(PriceSettings config, Clock clock) {
        this(config.prices(), config.timeZone());
        requirePriceAt(clock.instant());
        Money today = at(clock.instant());
        if (today.units() == 0) {
            LOG.warnf("%s has no price for today: fees are recorded as 0.00 %s", PROPERTY, today.currency());
        }
    }

    /** @param prices {@code <from date>=<amount> <currency>} each */
    public Prices(List<String> prices, ZoneId zone) {
        this.zone = zone;
        prices.forEach(this::add);
    }

    private void add(String given) {
        Matcher form = FORM.matcher(given);
        try {
            if (!form.matches()) {
                throw new IllegalArgumentException("it does not have that form");
            }
            Money price = Money.parse(form.group(2), form.group(3));
            if (byFirstDay.put(LocalDate.parse(form.group(1)), price) != null) {
                throw new IllegalArgumentException("that date occurs twice");
            }
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IllegalArgumentException(
                    PROPERTY + " must be <from date>=<amount> <currency>,…; wrong is '" + given.strip() + "': "
                            + e.getMessage(),
                    e);
        }
    }

    /** Where their dates begin. */
    public ZoneId zone() {
        return zone;
    }

    /** The price in force at a moment; before the first one begins, that one. */
    public Money at(Instant moment) {
        var price = byFirstDay.floorEntry(LocalDate.ofInstant(moment, zone));
        return (price == null ? byFirstDay.firstEntry() : price).getValue();
    }

    private void requirePriceAt(Instant moment) {
        LocalDate day = LocalDate.ofInstant(moment, zone);
        if (byFirstDay.floorKey(day) == null) {
            throw new IllegalArgumentException(PROPERTY + " must have a price valid on " + day
                    + "; the first price begins " + byFirstDay.firstKey());
        }
    }
}
