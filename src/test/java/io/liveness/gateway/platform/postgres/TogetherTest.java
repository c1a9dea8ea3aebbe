package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Patience;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test completes each statement itself. */
class TogetherTest {

    private static final int MOST = 4;
    private static final int SIDE_BY_SIDE = 2;
    private static final int STEPS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Statement(List<Integer> rows, UniEmitter<? super Void> end) {}

    private final List<Statement> statements = new CopyOnWriteArrayList<>();
    private final Together<Integer> together =
            new Together<>(rows -> Uni.createFrom().emitter(end -> statements.add(new Statement(rows, end))), MOST);

    @Test
    void a_row_is_written_at_once_while_few_statements_are_under_way() {
        add(1, 2);

        assertThat(statements).extracting(Statement::rows).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void what_comes_in_meanwhile_is_written_together_when_a_statement_ends() {
        add(1, 2, 3, 4, 5);
        assertThat(statements).hasSize(2);

        end(1);

        assertThat(statements).extracting(Statement::rows).endsWith(List.of(3, 4, 5));
    }

    @Test
    void a_full_statement_waits_for_no_other() {
        add(1, 2, 3, 4, 5, 6, 7);

        assertThat(statements).extracting(Statement::rows).containsExactly(List.of(1), List.of(2), List.of(3, 4, 5, 6));
    }

    @Test
    void a_full_statement_counts_as_one_under_way() {
        add(1, 2, 3, 4, 5, 6, 7);

        end(0);
        assertThat(statements).hasSize(3);
        end(1);

        assertThat(statements).extracting(Statement::rows).endsWith(List.of(7));
    }

    @Test
    void a_statement_that_fails_makes_room_and_the_others_go_on() {
        add(1, 2, 3);

        statements.get(0).end().fail(new IllegalStateException("away"));

        assertThat(statements).hasSize(3);
    }

    @Test
    void a_statement_that_cannot_even_be_made_makes_room() {
        List<List<Integer>> asked = new ArrayList<>();
        Together<Integer> broken = new Together<>(
                rows -> {
                    asked.add(rows);
                    throw new IllegalStateException("broken");
                },
                MOST);

        IntStream.range(0, 3).forEach(broken::add);

        assertThat(asked).containsExactly(List.of(0), List.of(1), List.of(2));
    }

    @Test
    void a_statement_that_takes_long_holds_up_no_other() {
        add(1, 2, 3);

        Patience.await("the third one to begin", PATIENCE).until(() -> statements.size() == 3);
    }

    /** Those that take long are left out: the steps are over within the time in which a statement counts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void in_any_order_of_events_each_row_is_written_once_and_none_waits_without_need(long seed) {
        Random random = new Random(seed);
        List<Statement> underWay = new ArrayList<>();
        int added = 0;
        for (int step = 0; step < STEPS; step++) {
            int before = statements.size();
            if (underWay.isEmpty() || random.nextInt(5) < 3) {
                add(added++);
            } else {
                Statement over = underWay.remove(random.nextInt(underWay.size()));
                if (random.nextBoolean()) {
                    over.end().complete(null);
                } else {
                    over.end().fail(new IllegalStateException("away"));
                }
            }
            underWay.addAll(statements.subList(before, statements.size()));

            List<Integer> written =
                    statements.stream().flatMap(one -> one.rows().stream()).toList();
            assertThat(written)
                    .as("step %d", step)
                    .isEqualTo(IntStream.range(0, written.size()).boxed().toList());
            int waiting = added - written.size();
            assertThat(waiting).isLessThan(MOST);
            assertThat(waiting == 0 || underWay.size() >= SIDE_BY_SIDE).isTrue();
            assertThat(statements).allSatisfy(one -> assertThat(one.rows()).hasSizeBetween(1, MOST));
        }
    }

    private void add(int... rows) {
        for (int row : rows) {
            together.add(row);
        }
    }

    private void end(int statement) {
        statements.get(statement).end().complete(null);
    }
}
