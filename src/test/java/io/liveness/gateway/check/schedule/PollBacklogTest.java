package io.liveness.gateway.check.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.schedule.LeaseSessions.DuePolls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollBacklogTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PollBacklog backlog = new PollBacklog(registry);

    @ParameterizedTest
    @CsvSource({"0, 0, true", "4, 0, true", "6, 0, false", "0, 9, true", "0, 11, false"})
    void late_polls_stop_new_sessions(long finalPollsLate, long othersLate, boolean keepUp) {
        seen(finalPollsLate, othersLate);

        assertThat(backlog.pollsKeepUp()).isEqualTo(keepUp);
        assertThat(registry.get("liveness.polls.behind").gauge().value()).isEqualTo(keepUp ? 0 : 1);
        assertThat(registry.get("liveness.final.polls.late").gauge().value()).isEqualTo(finalPollsLate);
    }

    @Test
    void waiting_polls_do_not_stop_opens_but_late_final_polls_do() {
        backlog.shortOfBudget();

        seen(0, 600);
        assertThat(backlog.pollsKeepUp()).isTrue();
        seen(6, 600);
        assertThat(backlog.pollsKeepUp()).isFalse();
    }

    @Test
    void a_replica_that_has_caught_up_accepts_opens_again() {
        seen(6, 0);
        seen(0, 0);

        assertThat(backlog.pollsKeepUp()).isTrue();
    }

    private void seen(long finalPollsLate, long othersLate) {
        backlog.seen(new DuePolls(1, 1, Duration.ofSeconds(finalPollsLate), Duration.ofSeconds(othersLate)));
    }
}
