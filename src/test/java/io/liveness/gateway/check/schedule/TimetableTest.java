package io.liveness.gateway.check.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimetableTest {

    private static final Instant INIT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFE = Duration.ofHours(2);

    private final Timetable timetable =
            new Timetable(durations("PT10S PT20S PT40S PT1M PT2M PT5M PT10M"), durations("PT5M PT1M"), LIFE);

    @Test
    void the_polls_of_a_session_that_is_not_finished() {
        List<String> polls = new ArrayList<>();
        Instant poll = INIT;
        while (polls.size() < 33) {
            poll = timetable.next(INIT, INIT.plus(LIFE), poll);
            polls.add(Duration.between(INIT, poll).toString());
        }

        assertThat(polls)
                .startsWith("PT10S", "PT20S", "PT40S", "PT1M", "PT2M", "PT5M", "PT10M", "PT15M", "PT20M")
                .containsSubsequence("PT1H50M", "PT1H55M", "PT1H59M", "PT2H5S", "PT2H5M", "PT2H10M")
                .doesNotContain("PT2H");
    }

    @Test
    void an_overdue_session_gets_its_next_poll_and_not_all_missed_ones() {
        Instant late = INIT.plus(Duration.ofMinutes(33));

        assertThat(timetable.next(INIT, INIT.plus(LIFE), late)).isEqualTo(INIT.plus(Duration.ofMinutes(35)));
    }

    @Test
    void a_single_offset_is_repeated() {
        Timetable every30s = new Timetable(durations("PT30S"), durations("PT1M"), LIFE);

        assertThat(every30s.next(INIT, INIT.plus(LIFE), INIT.plusSeconds(30))).isEqualTo(INIT.plusSeconds(60));
    }

    @Test
    void a_final_poll_without_an_answer_is_repeated_soon_until_the_end() {
        Instant end = INIT.plus(LIFE);
        for (Duration before : durations("PT5M PT3M PT1M PT13S")) {
            Instant now = end.minus(before);
            assertThat(timetable.afterNoAnswer(INIT, end, now)).isBetween(now.plusSeconds(5), now.plusSeconds(10));
        }

        for (Duration before : durations("PT10S PT6S PT4S PT3S PT1.5S")) {
            Instant now = end.minus(before);
            assertThat(timetable.afterNoAnswer(INIT, end, now)).isEqualTo(now.plusSeconds(1));
        }
        assertThat(timetable.afterNoAnswer(INIT, end, end)).isEqualTo(end.plusSeconds(5));
        Instant beforeAnother = end.minus(Duration.ofMinutes(1)).minusSeconds(2);
        assertThat(timetable.afterNoAnswer(INIT, end, beforeAnother)).isEqualTo(beforeAnother.plusSeconds(2));
        Instant early = INIT.plusSeconds(10);
        assertThat(timetable.afterNoAnswer(INIT, end, early)).isEqualTo(INIT.plusSeconds(20));
    }

    @ParameterizedTest
    @CsvSource({
        "PT20S PT10S, PT1M, liveness.poll.timetable",
        "PT10S PT10S, PT1M, liveness.poll.timetable",
        "PT0S,        PT1M, liveness.poll.timetable",
        "-PT1S,       PT1M, liveness.poll.timetable",
        "PT10S,       PT0S, liveness.poll.final-polls",
        "PT10S,       PT2H, liveness.poll.final-polls",
    })
    void a_timetable_that_makes_no_sense_is_refused_by_name(String offsets, String finalPolls, String property) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Timetable(durations(offsets), durations(finalPolls), LIFE))
                .withMessageContaining(property);
    }

    private static List<Duration> durations(String all) {
        return Arrays.stream(all.split(" ")).map(Duration::parse).toList();
    }
}
