package io.liveness.gateway.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.session.AskedSession;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers are recorded by hand here: each recording waits for its end. */
class RecordTogetherTest {

    private static final int MOST = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Recording(Purpose purpose, List<AskedSession> answers, UniEmitter<? super Void> end) {}

    private final List<Recording> recordings = new CopyOnWriteArrayList<>();
    private final List<Integer> recorded = new ArrayList<>();
    private final RecordTogether together = new RecordTogether(
            (answers, purpose) -> Uni.createFrom().emitter(end -> recordings.add(new Recording(purpose, answers, end))),
            MOST,
            recorded::add);

    @Test
    void an_answer_is_recorded_at_once_while_few_are_being_recorded() {
        List<AskedSession> answers = add(Purpose.LOOK, 2);

        assertThat(recordings)
                .extracting(Recording::answers)
                .containsExactly(answers.subList(0, 1), answers.subList(1, 2));
    }

    @Test
    void what_comes_in_meanwhile_is_recorded_together_when_a_recording_ends() {
        add(Purpose.LOOK, 2);
        List<AskedSession> meanwhile = add(Purpose.LOOK, 3);
        assertThat(recordings).hasSize(2);

        recordings.get(1).end().complete(null);

        assertThat(recordings).hasSize(3);
        assertThat(recordings.get(2).answers()).isEqualTo(meanwhile);
        assertThat(recorded).containsExactly(1);
    }

    @Test
    void no_more_are_recorded_together_than_one_statement_takes() {
        add(Purpose.LOOK, 2);
        List<AskedSession> meanwhile = add(Purpose.LOOK, MOST + 1);

        recordings.get(0).end().complete(null);
        recordings.get(1).end().complete(null);

        assertThat(recordings.get(2).answers()).isEqualTo(meanwhile.subList(0, MOST));
        assertThat(recordings.get(3).answers()).isEqualTo(meanwhile.subList(MOST, MOST + 1));
    }

    @Test
    void answers_of_last_looks_go_before_those_of_other_looks() {
        add(Purpose.LOOK, 2);
        add(Purpose.LOOK, 1);
        add(Purpose.LAST_LOOK, 1);

        recordings.get(0).end().complete(null);

        assertThat(recordings).hasSize(3);
        assertThat(recordings.get(2).purpose()).isEqualTo(Purpose.LAST_LOOK);
    }

    @Test
    void a_recording_that_fails_makes_room_and_the_others_go_on() {
        add(Purpose.LOOK, 3);

        recordings.get(0).end().fail(new IllegalStateException("away"));

        assertThat(recorded).containsExactly(1);
        assertThat(recordings).hasSize(3);
    }

    @Test
    void a_recording_that_takes_long_holds_up_no_other() {
        add(Purpose.LOOK, 3);

        Patience.await("the third one to be recorded", PATIENCE).until(() -> recordings.size() == 3);

        assertThat(recorded).isEmpty();
    }

    private List<AskedSession> add(Purpose purpose, int answers) {
        List<AskedSession> added = IntStream.range(0, answers)
                .mapToObj(n -> new AskedSession(null, null))
                .toList();
        added.forEach(answer -> together.add(purpose, answer));
        return added;
    }
}
