package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PauseTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "999999, 1", "1000000, 1", "1000001, 2", "2700000, 3"})
    void a_timer_is_of_whole_milliseconds_and_never_too_short(long nanos, long millis) {
        assertThat(Pause.timer(Duration.ofNanos(nanos))).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void no_time_needs_no_timer() {
        Thread here = Thread.currentThread();

        Thread ended = Pause.atLeast(Duration.ZERO)
                .map(over -> Thread.currentThread())
                .await()
                .atMost(Duration.ofSeconds(10));

        assertThat(ended).isSameAs(here);
    }
}
