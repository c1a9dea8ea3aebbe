package io.liveness.gateway.events.receiver;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {

    /** Longer than a receiver can mean it. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /** @return empty when there is none, it cannot be read, has passed, or is more than a day away */
    static Optional<Duration> read(String header, Instant now) {
        return Optional.ofNullable(header)
                .map(String::strip)
                .flatMap(text -> SECONDS.matcher(text).matches()
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : untilDate(text, now))
                .filter(time -> !time.isNegative() && !time.isZero() && time.compareTo(LONGEST) <= 0);
    }

    private static Optional<Duration> untilDate(String text, Instant now) {
        Date date = text.isEmpty() ? null : DateFormatter.parseHttpDate(text);
        return Optional.ofNullable(date).map(then -> Duration.between(now, then.toInstant()));
    }
}
