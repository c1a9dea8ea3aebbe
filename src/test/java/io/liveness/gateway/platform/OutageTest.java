package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.LogRecorder;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutageTest {

    private long nanos = Long.MAX_VALUE - 5;
    private final Outage outage = new Outage("database", Duration.ofSeconds(10), () -> nanos);
    private final LogRecorder log = LogRecorder.start("%p %s");

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void an_outage_has_a_line_at_its_begin_one_a_minute_and_one_at_its_end() {
        failsEachSecond(130);
        pass(Duration.ofSeconds(10));
        outage.works();
        outage.works();

        assertThat(log.lines())
                .containsExactly(
                        "ERROR database.away refused",
                        "ERROR database.still-away seconds=60 failures=61 refused",
                        "ERROR database.still-away seconds=120 failures=121 refused",
                        "INFO database.back seconds=129 failures=130");
    }

    @Test
    void what_works_now_and_then_stays_away() {
        for (int turn = 0; turn < 20; turn++) {
            failsEachSecond(1);
            outage.works();
        }

        assertThat(log.lines()).containsExactly("ERROR database.away refused");
    }

    private void failsEachSecond(int times) {
        for (int turn = 0; turn < times; turn++) {
            outage.failed("refused");
            pass(Duration.ofSeconds(1));
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
