package io.liveness.gateway.billing;

import java.time.DateTimeException;
import java.time.ZoneId;
import org.eclipse.microprofile.config.spi.Converter;

/** Names the wrong property, which the built-in converter does not. */
public class TimeZoneConverter implements Converter<ZoneId> {

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
