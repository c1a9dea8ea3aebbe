package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.LogRecorder;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeepTryingTest {

    /** A statement may be retried for hours: operations hear of the failure at once. */
    @Test
    void a_failure_that_is_no_absence_of_the_database_is_logged_at_the_first_try_and_retried() {
        AtomicInteger tries = new AtomicInteger();
        Uni<Integer> recording = Uni.createFrom().item(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("permission denied");
            }
            return tries.get();
        });

        try (LogRecorder log = LogRecorder.start("%s")) {
            assertThat(KeepTrying.until(Duration.ofMinutes(1), recording)
                            .await()
                            .atMost(Duration.ofSeconds(20)))
                    .isEqualTo(3);

            assertThat(log.lines()).containsExactly("database.retries for up to PT1M");
        }
    }

    @Test
    void an_absent_database_is_no_news() {
        AtomicInteger tries = new AtomicInteger();
        Uni<Integer> recording = Uni.createFrom().item(() -> {
            if (tries.incrementAndGet() < 2) {
                throw DatabaseUnavailable.notInTime();
            }
            return tries.get();
        });

        try (LogRecorder log = LogRecorder.start("%s")) {
            assertThat(KeepTrying.until(Duration.ofMinutes(1), recording)
                            .await()
                            .atMost(Duration.ofSeconds(20)))
                    .isEqualTo(2);

            assertThat(log.lines()).isEmpty();
        }
    }
}
