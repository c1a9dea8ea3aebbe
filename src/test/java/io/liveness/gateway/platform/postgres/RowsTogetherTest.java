package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The test completes each statement itself. The first two rows have separate statements; the others share the third. */
class RowsTogetherTest {

    private static final int MOST = 64;

    private record Statement(List<Integer> rows, UniEmitter<? super List<String>> end, Context context) {

        private void complete() {
            end.complete(rows.stream().map(row -> "row " + row).toList());
        }
    }

    private final List<Statement> statements = new CopyOnWriteArrayList<>();
    private final RowsTogether<Integer, String> together = new RowsTogether<>(rows ->
            Uni.createFrom().emitter(end -> statements.add(new Statement(rows, end, Vertx.currentContext()))));

    @Test
    void each_row_has_its_own_answer() {
        List<CompletableFuture<String>> answers = write(5);

        endAll();

        assertThat(statements).extracting(Statement::rows).containsExactly(List.of(0), List.of(1), List.of(2, 3, 4));
        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactly("row 0", "row 1", "row 2", "row 3", "row 4");
    }

    @Test
    void a_row_that_the_database_refuses_fails_alone() {
        List<CompletableFuture<String>> answers = write(6);
        PgException refusal = new PgException("refused", "ERROR", "23514", "in a test");
        statements.get(0).complete();

        for (int number = 2; number < statements.size(); number++) {
            Statement statement = statements.get(number);
            if (statement.rows().contains(4)) {
                statement.end().fail(refusal);
            } else {
                statement.complete();
            }
        }

        assertThatThrownBy(answers.get(4)::join).hasCause(refusal);
        assertThat(List.of(answers.get(2), answers.get(3), answers.get(5)))
                .extracting(CompletableFuture::join)
                .containsExactly("row 2", "row 3", "row 5");
    }

    @Test
    void another_failure_is_one_of_all_rows_that_have_no_answer_yet() {
        List<CompletableFuture<String>> answers = write(4);
        IllegalStateException away = new IllegalStateException("away");
        statements.get(0).complete();
        statements.get(2).end().fail(new PgException("refused", "ERROR", "23514", "in a test"));

        statements.get(3).complete();
        statements.get(4).end().fail(away);

        assertThat(answers.get(2).join()).isEqualTo("row 2");
        assertThatThrownBy(answers.get(3)::join).hasCause(away);
    }

    @Test
    void a_statement_that_cannot_be_made_fails_its_rows() {
        IllegalStateException broken = new IllegalStateException("broken");
        RowsTogether<Integer, String> rows = new RowsTogether<>(some -> {
            throw broken;
        });

        assertThatThrownBy(future(rows.send(0))::join).hasCause(broken);
    }

    @Test
    void a_missing_answer_is_a_failure() {
        CompletableFuture<String> answer = write(1).get(0);

        statements.get(0).end().complete(List.of());

        assertThatThrownBy(answer::join).hasCauseInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_row_is_written_also_when_its_subscriber_leaves() {
        write(2);
        CompletableFuture<String> left = future(together.send(2));
        CompletableFuture<String> stays = future(together.send(3));

        left.cancel(true);
        endAll();

        assertThat(statements.get(2).rows()).containsExactly(2, 3);
        assertThat(stays.join()).isEqualTo("row 3");
    }

    @Test
    void no_more_than_sixty_four_rows_share_a_statement() {
        write(2 + MOST + 1);

        assertThat(statements.get(2).rows()).hasSize(MOST);
    }

    @Test
    void a_shared_statement_runs_on_the_context_of_its_first_row_and_each_answer_comes_on_its_own() {
        VertxInternal vertx = (VertxInternal) Vertx.vertx();
        try {
            write(2);
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

    private CompletableFuture<Context> answeredOn(Context context, int row) {
        CompletableFuture<Context> answered = new CompletableFuture<>();
        run(context, () -> together.send(row).subscribe().with(answer -> answered.complete(Vertx.currentContext())));
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

    private List<CompletableFuture<String>> write(int rows) {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        IntStream.range(0, rows).forEach(row -> answers.add(future(together.send(row))));
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
