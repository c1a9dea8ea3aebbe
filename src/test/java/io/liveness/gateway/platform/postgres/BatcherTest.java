package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.testsupport.Patience;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test completes each statement itself. The first two rows have separate statements; the others share the third. */
class BatcherTest {

    private static final int SIZE = 4;
    private static final int SIDE_BY_SIDE = 2;
    private static final int STEPS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PgException REFUSAL = new PgException("refused", "ERROR", "23514", "in a test");
    private static final IllegalStateException AWAY = new IllegalStateException("away");

    private record Statement(List<Integer> rows, UniEmitter<? super List<String>> end, Context context) {

        private void complete() {
            end.complete(rows.stream().map(row -> "row " + row).toList());
        }
    }

    private final List<Statement> statements = new CopyOnWriteArrayList<>();
    private final Batcher<Integer, String> batcher = new Batcher<>(
            SIZE,
            rows -> Uni.createFrom().emitter(end -> statements.add(new Statement(rows, end, Vertx.currentContext()))));

    @Test
    void a_row_is_sent_at_once_while_few_statements_are_under_way() {
        send(2);

        assertThat(statements).extracting(Statement::rows).containsExactly(List.of(0), List.of(1));
    }

    @Test
    void what_comes_meanwhile_is_sent_together_when_a_statement_ends_and_each_row_has_its_own_answer() {
        List<CompletableFuture<String>> answers = send(5);
        assertThat(statements).hasSize(2);

        endAll();

        assertThat(statements).extracting(Statement::rows).containsExactly(List.of(0), List.of(1), List.of(2, 3, 4));
        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactly("row 0", "row 1", "row 2", "row 3", "row 4");
    }

    @Test
    void a_full_statement_waits_for_no_other_and_counts_as_one_under_way() {
        send(7);
        assertThat(statements).extracting(Statement::rows).containsExactly(List.of(0), List.of(1), List.of(2, 3, 4, 5));

        statements.get(0).complete();
        assertThat(statements).hasSize(3);
        statements.get(1).complete();

        assertThat(statements).extracting(Statement::rows).endsWith(List.of(6));
    }

    @Test
    void a_statement_that_takes_long_holds_up_no_other() {
        send(3);

        Patience.await("the third one to begin", PATIENCE).until(() -> statements.size() == 3);
    }

    @Test
    void a_row_that_the_database_refuses_fails_alone() {
        List<CompletableFuture<String>> answers = send(6);
        statements.get(0).complete();

        for (int number = 2; number < statements.size(); number++) {
            Statement statement = statements.get(number);
            if (statement.rows().contains(4)) {
                statement.end().fail(REFUSAL);
            } else {
                statement.complete();
            }
        }

        assertThatThrownBy(answers.get(4)::join).hasCause(REFUSAL);
        assertThat(List.of(answers.get(2), answers.get(3), answers.get(5)))
                .extracting(CompletableFuture::join)
                .containsExactly("row 2", "row 3", "row 5");
    }

    @Test
    void another_failure_is_one_of_all_rows_that_have_no_answer_yet_and_the_others_go_on() {
        List<CompletableFuture<String>> answers = send(4);
        statements.get(0).complete();
        statements.get(2).end().fail(REFUSAL);

        statements.get(3).complete();
        answers.addAll(send(1));
        statements.get(4).end().fail(AWAY);

        assertThat(answers.get(2).join()).isEqualTo("row 2");
        assertThatThrownBy(answers.get(3)::join).hasCause(AWAY);
        assertThat(statements).hasSize(6);
    }

    @Test
    void a_statement_that_cannot_be_made_fails_its_rows_and_makes_room() {
        Batcher<Integer, String> broken = new Batcher<>(rows -> {
            throw AWAY;
        });

        for (int row = 0; row <= SIDE_BY_SIDE; row++) {
            assertThatThrownBy(future(broken.send(row))::join).hasCause(AWAY);
        }
    }

    @Test
    void a_missing_answer_is_a_failure() {
        CompletableFuture<String> answer = send(1).get(0);

        statements.get(0).end().complete(List.of());

        assertThatThrownBy(answer::join).hasCauseInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_row_is_sent_also_when_its_subscriber_leaves() {
        List<CompletableFuture<String>> answers = send(4);

        answers.get(2).cancel(true);
        endAll();

        assertThat(statements.get(2).rows()).containsExactly(2, 3);
        assertThat(answers.get(3).join()).isEqualTo("row 3");
    }

    @Test
    void a_shared_statement_runs_on_the_context_of_its_first_row_and_each_answer_comes_on_its_own() {
        VertxInternal vertx = (VertxInternal) Vertx.vertx();
        try {
            send(2);
            Context first = vertx.createEventLoopContext();
            Context second = vertx.createEventLoopContext();
            CompletableFuture<Context> firsts = answeredOn(first, 2);
            CompletableFuture<Context> seconds = answeredOn(second, 3);

            statements.get(0).complete();
            // What a context is given runs in order: the statement has begun. On a machine that stood still for a
            // second there are two.
            run(first, () -> {});
            run(second, () -> {});
            endAll();

            assertThat(statements.get(2).context()).isSameAs(first);
            assertThat(firsts.join()).isSameAs(first);
            assertThat(seconds.join()).isSameAs(second);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Slow statements are left out: the steps are over within the time in which a statement counts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void in_any_order_of_events_each_row_is_sent_once_and_none_waits_without_need(long seed) {
        Random random = new Random(seed);
        List<Statement> underWay = new ArrayList<>();
        int added = 0;
        for (int step = 0; step < STEPS; step++) {
            int before = statements.size();
            if (underWay.isEmpty() || random.nextInt(5) < 3) {
                future(batcher.send(added++));
            } else {
                Statement over = underWay.remove(random.nextInt(underWay.size()));
                if (random.nextBoolean()) {
                    over.complete();
                } else {
                    over.end().fail(AWAY);
                }
            }
            underWay.addAll(statements.subList(before, statements.size()));

            List<Integer> sent =
                    statements.stream().flatMap(one -> one.rows().stream()).toList();
            assertThat(sent)
                    .as("step %d", step)
                    .isEqualTo(IntStream.range(0, sent.size()).boxed().toList());
            int waiting = added - sent.size();
            assertThat(waiting).isLessThan(SIZE);
            assertThat(waiting == 0 || underWay.size() >= SIDE_BY_SIDE).isTrue();
            assertThat(statements).allSatisfy(one -> assertThat(one.rows()).hasSizeBetween(1, SIZE));
        }
    }

    private CompletableFuture<Context> answeredOn(Context context, int row) {
        CompletableFuture<Context> answered = new CompletableFuture<>();
        run(context, () -> batcher.send(row).subscribe().with(answer -> answered.complete(Vertx.currentContext())));
        return answered;
    }

    private static void run(Context context, Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            task.run();
            done.complete(null);
        });
        done.join();
    }

    private List<CompletableFuture<String>> send(int rows) {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        IntStream.range(0, rows).forEach(row -> answers.add(future(batcher.send(row))));
        return answers;
    }

    private static CompletableFuture<String> future(Uni<String> answer) {
        return answer.subscribeAsCompletionStage();
    }

    private void endAll() {
        for (int number = 0; number < statements.size(); number++) {
            statements.get(number).complete();
        }
    }
}
