package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.CallerContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Writes or reads rows that come together in one statement, see {@link Together}. Each row has its answer, or its failure when the database
 * refuses it alone. When the statement fails as a whole, as it does with a lost connection, all its rows do.
 */
public final class RowsTogether<T, R> {

    // Larger statements save little, and a failure affects more rows.
    private static final int MOST = 64;

    private record Waiting<T, R>(T row, UniEmitter<? super R> answer, Executor caller) {

        private void complete(R with) {
            caller.execute(() -> answer.complete(with));
        }

        private void fail(Throwable failure) {
            caller.execute(() -> answer.fail(failure));
        }
    }

    private final Function<List<T>, Uni<List<R>>> statement;
    private final Together<Waiting<T, R>> together = new Together<>(this::run, MOST);

    /** @param statement answers as many values as it is given rows, in their order */
    public RowsTogether(Function<List<T>, Uni<List<R>>> statement) {
        this.statement = statement;
    }

    /** Sends the row, also when its subscriber leaves meanwhile. The answer comes on the subscriber's context. */
    public Uni<R> send(T row) {
        return Uni.createFrom().emitter(answer -> together.add(new Waiting<>(row, answer, CallerContext.capture())));
    }

    /** On the context of its first row, so that the statement is part of that one's trace and of no earlier one's. */
    private Uni<Void> run(List<Waiting<T, R>> rows) {
        return Uni.createFrom()
                .deferred(() -> RefusedRows.failAlone(rows, this::answer, Waiting::fail))
                .runSubscriptionOn(rows.get(0).caller())
                .onFailure()
                // Failing a row that is already answered has no effect.
                .invoke(failure -> rows.forEach(row -> row.fail(failure)));
    }

    private Uni<Void> answer(List<Waiting<T, R>> rows) {
        return statement
                .apply(rows.stream().map(Waiting::row).toList())
                .invoke(answers -> {
                    for (int number = 0; number < rows.size(); number++) {
                        rows.get(number).complete(answers.get(number));
                    }
                })
                .replaceWithVoid();
    }
}
