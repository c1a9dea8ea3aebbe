package io.liveness.gateway.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.liveness.gateway.session.LookSchedule.Look;
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
    void the_looks_of_a_session_that_nobody_finishes() {
        List<String> looks = new ArrayList<>();
        Look look = new Look(INIT, false);
        while (looks.size() < 33) {
            look = timetable.next(INIT, INIT.plus(LIFE), look.at());
            looks.add(Duration.between(INIT, look.at()) + (look.last() ? "!" : ""));
        }

        assertThat(looks)
                .startsWith("PT10S", "PT20S", "PT40S", "PT1M", "PT2M", "PT5M", "PT10M", "PT15M", "PT20M")
                .containsSubsequence("PT1H50M", "PT1H55M!", "PT1H59M!", "PT2H", "PT2H5S", "PT2H5M", "PT2H10M");
    }

    @Test
    void a_session_that_was_left_alone_gets_its_next_look_not_all_that_it_missed() {
        Instant late = INIT.plus(Duration.ofMinutes(33));

        assertThat(timetable.next(INIT, INIT.plus(LIFE), late))
                .isEqualTo(new Look(INIT.plus(Duration.ofMinutes(35)), false));
    }

    @Test
    void a_single_offset_is_repeated() {
        Timetable every30s = new Timetable(durations("PT30S"), List.of(), LIFE);

        assertThat(every30s.next(INIT, INIT.plus(LIFE), INIT.plusSeconds(30)).at())
                .isEqualTo(INIT.plusSeconds(60));
    }

    @ParameterizedTest
    @CsvSource({
        "PT20S PT10S, PT1M, liveness.reconcile.timetable",
        "PT10S PT10S, PT1M, liveness.reconcile.timetable",
        "PT0S,        PT1M, liveness.reconcile.timetable",
        "-PT1S,       PT1M, liveness.reconcile.timetable",
        "PT10S,       PT0S, liveness.reconcile.last-looks",
        "PT10S,       PT2H, liveness.reconcile.last-looks",
    })
    void a_timetable_that_makes_no_sense_is_refused_by_name(String offsets, String lastLooks, String property) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Timetable(durations(offsets), durations(lastLooks), LIFE))
                .withMessageContaining(property);
    }

    private static List<Duration> durations(String all) {
        return Arrays.stream(all.split(" ")).map(Duration::parse).toList();
    }
}
