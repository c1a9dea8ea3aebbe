package io.liveness.gateway.notify.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "' 120 ', 120",
        "86400, 86400",
        "'Thu, 01 Jan 2026 12:00:30 GMT', 30",
        "'Thursday, 01-Jan-26 12:00:30 GMT', 30",
        "'Fri, 02 Jan 2026 12:00:00 GMT', 86400",
        "86401, 86400",
        "99999999999999999999, 86400",
        "'Fri, 02 Jan 2026 12:00:01 GMT', 86400",
        "'Thu, 01 Jan 9999 12:00:00 GMT', 86400",
    })
    void seconds_and_dates_are_read_and_cut_to_a_day(String header, long seconds) {
        assertThat(Receivers.WebhookAttempt.retryAfter(header, NOON)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "0",
                "-1",
                "1.5",
                "soon",
                "the time at which the one who mends it has been called, has come and has gone",
                "2026-01-01T12:00:30Z",
                "Thu, 01 Jan 2026 12:00:00 GMT",
                "Thu, 01 Jan 2026 11:59:59 GMT",
            })
    void anything_else_is_ignored(String header) {
        assertThat(Receivers.WebhookAttempt.retryAfter(header, NOON)).isEmpty();
    }
}
