package io.liveness.gateway.session.settling;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The test completes each recording of answers itself. */
class RecordTogetherTest {

    private static final int MOST = 4;

    private record Recording(Purpose purpose, List<PolledSession> answers, UniEmitter<? super Void> end) {}

    private final List<Recording> recordings = new ArrayList<>();
    private final List<Integer> recorded = new ArrayList<>();
    private final RecordTogether together = new RecordTogether(
            (answers, purpose) -> Uni.createFrom().emitter(end -> recordings.add(new Recording(purpose, answers, end))),
            MOST,
            recorded::add);

    @Test
    void answers_of_one_purpose_that_come_together_are_recorded_together() {
        List<PolledSession> answers = add(Purpose.POLL, 5);

        recordings.get(1).end().complete(null);

        assertThat(recordings)
                .extracting(Recording::answers)
                .containsExactly(answers.subList(0, 1), answers.subList(1, 2), answers.subList(2, 5));
        assertThat(recorded).containsExactly(1);
    }

    @Test
    void no_more_are_recorded_together_than_one_statement_takes() {
        add(Purpose.POLL, 2);
        List<PolledSession> meanwhile = add(Purpose.POLL, MOST + 1);

        recordings.get(0).end().complete(null);
        recordings.get(1).end().complete(null);

        assertThat(recordings.get(2).answers()).isEqualTo(meanwhile.subList(0, MOST));
        assertThat(recordings.get(3).answers()).isEqualTo(meanwhile.subList(MOST, MOST + 1));
    }

    @Test
    void answers_of_final_polls_do_not_wait_for_those_of_other_polls() {
        add(Purpose.POLL, 3);

        List<PolledSession> last = add(Purpose.FINAL_POLL, 1);

        assertThat(recordings).hasSize(3);
        assertThat(recordings.get(2).purpose()).isEqualTo(Purpose.FINAL_POLL);
        assertThat(recordings.get(2).answers()).isEqualTo(last);
    }

    @Test
    void a_recording_that_fails_makes_room_and_the_others_go_on() {
        add(Purpose.POLL, 3);

        recordings.get(0).end().fail(new IllegalStateException("away"));

        assertThat(recorded).containsExactly(1);
        assertThat(recordings).hasSize(3);
    }

    private List<PolledSession> add(Purpose purpose, int answers) {
        List<PolledSession> added = IntStream.range(0, answers)
                .mapToObj(n -> new PolledSession(null, null))
                .toList();
        added.forEach(answer -> together.add(purpose, answer));
        return added;
    }
}
