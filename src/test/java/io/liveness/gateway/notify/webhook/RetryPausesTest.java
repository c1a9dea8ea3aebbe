package io.liveness.gateway.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.notify.webhook.SendWebhook.RetryPauses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The pauses between the attempts of a delivery. */
class RetryPausesTest {

    private static final List<Duration> CONFIGURED = List.of(Duration.ofSeconds(10), Duration.ofMinutes(5));

    @Test
    void each_attempt_has_its_pause_and_the_last_one_none() {
        RetryPauses pauses = new RetryPauses(CONFIGURED, () -> 0.5);

        assertThat(pauses.after(1, Optional.empty())).contains(Duration.ofSeconds(10));
        assertThat(pauses.after(2, Optional.empty())).contains(Duration.ofMinutes(5));
        assertThat(pauses.after(3, Optional.empty())).isEmpty();
    }

    @Test
    void a_pause_is_up_to_a_fifth_shorter_or_longer() {
        assertThat(new RetryPauses(CONFIGURED, () -> 0).after(1, Optional.empty()))
                .contains(Duration.ofSeconds(8));
        assertThat(new RetryPauses(CONFIGURED, () -> 1).after(1, Optional.empty()))
                .contains(Duration.ofSeconds(12));
    }

    @Test
    void a_receiver_may_ask_for_a_longer_pause_and_not_for_a_shorter_one() {
        RetryPauses pauses = new RetryPauses(CONFIGURED, () -> 0.5);

        assertThat(pauses.after(1, Optional.of(Duration.ofMinutes(1)))).contains(Duration.ofMinutes(1));
        assertThat(pauses.after(1, Optional.of(Duration.ofSeconds(1)))).contains(Duration.ofSeconds(10));
        assertThat(pauses.after(3, Optional.of(Duration.ofSeconds(1)))).isEmpty();
    }

    @Test
    void a_pause_that_is_not_positive_stops_the_start() {
        assertThatThrownBy(() -> new RetryPauses(List.of(Duration.ZERO), () -> 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("liveness.webhook.retries must be positive durations");
    }
}
