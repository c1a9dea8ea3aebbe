package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Writes or reads rows in batches, of one statement each. A row is sent at once while few batches are under way. Rows that come meanwhile
 * share the next batch, which is sent when one of those ends. So no row waits for other rows, and under load more rows share a statement.
 *
 * <p>A full batch does not wait. So fewer rows than one batch takes wait here, for {@link #LONGEST_WAIT} at most; all others wait under the
 * limits of the pool.
 *
 * <p>Each row has its answer, or its failure when the database refuses it alone. When the statement fails as a whole, as it does with a
 * lost connection, all its rows do.
 */
public final class Batcher<T, R> {

    /** Rows of most batches: larger statements save little, and a failure affects more rows. */
    public static final int SIZE = 64;

    // Two, so that one is under way in the database while the other is on its way there and back.
    private static final int SIDE_BY_SIDE = 2;
    // After this time a batch no longer delays the next one, so that a slow database delays no row for longer.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private record Waiting<T, R>(T row, UniEmitter<? super R> answer, Executor caller) {

        private void complete(R with) {
            caller.execute(() -> answer.complete(with));
        }

        private void fail(Throwable failure) {
            caller.execute(() -> answer.fail(failure));
        }
    }

    private final int size;
    private final int sideBySide;
    private final Function<List<T>, Uni<List<R>>> statement;
    private List<Waiting<T, R>> waiting = new ArrayList<>();
    private int underWay;

    /** Of batches of {@link #SIZE}. */
    public Batcher(Function<List<T>, Uni<List<R>>> statement) {
        this(SIZE, statement);
    }

    /** With two batches side by side. */
    public Batcher(int size, Function<List<T>, Uni<List<R>>> statement) {
        this(size, SIDE_BY_SIDE, statement);
    }

    /**
     * @param size rows of a batch at most
     * @param sideBySide batches under way at which further rows wait, unless they make a full batch
     * @param statement answers as many values as it is given rows, in their order, which is the one in which they came
     */
    public Batcher(int size, int sideBySide, Function<List<T>, Uni<List<R>>> statement) {
        this.size = size;
        this.sideBySide = sideBySide;
        this.statement = statement;
    }

    /** Sends the row, also when its subscriber leaves meanwhile. The answer comes on the subscriber's context. */
    public Uni<R> send(T row) {
        return Uni.createFrom().emitter(answer -> {
            List<Waiting<T, R>> batch;
            synchronized (this) {
                waiting.add(new Waiting<>(row, answer, CallerContext.capture()));
                batch = next();
            }
            run(batch);
        });
    }

    /** Counts what it answers as under way. To be called under the lock. */
    private List<Waiting<T, R>> next() {
        boolean mayBegin = underWay < sideBySide || waiting.size() >= size;
        if (waiting.isEmpty() || !mayBegin) {
            return List.of();
        }
        List<Waiting<T, R>> batch = waiting;
        waiting = new ArrayList<>();
        underWay++;
        return batch;
    }

    /** On the context of its first row, so that the statement is part of that one's trace and of no earlier one's. */
    private void run(List<Waiting<T, R>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        AtomicBoolean counts = new AtomicBoolean(true);
        Uni.createFrom()
                .deferred(() -> RefusedRows.failAlone(batch, this::answer, Waiting::fail))
                .runSubscriptionOn(batch.get(0).caller())
                .onTermination()
                .invoke(() -> countsNoMore(counts))
                .subscribe()
                // Failing a row that is already answered has no effect.
                .with(done -> {}, failure -> batch.forEach(row -> row.fail(failure)));
        Pause.atLeast(LONGEST_WAIT).subscribe().with(late -> countsNoMore(counts));
    }

    private Uni<Void> answer(List<Waiting<T, R>> batch) {
        return statement
                .apply(batch.stream().map(Waiting::row).toList())
                .invoke(answers -> {
                    for (int number = 0; number < batch.size(); number++) {
                        batch.get(number).complete(answers.get(number));
                    }
                })
                .replaceWithVoid();
    }

    private void countsNoMore(AtomicBoolean counts) {
        if (counts.compareAndSet(true, false)) {
            List<Waiting<T, R>> batch;
            synchronized (this) {
                underWay--;
                batch = next();
            }
            run(batch);
        }
    }

    /** Statements that write many rows at once, of which the database may refuse a single one. */
    public static final class RefusedRows {

        // PostgreSQL documentation, appendix A: data exception, integrity constraint violation, program limit
        // exceeded (as by a value that is too long for an index).
        private static final List<String> REFUSALS = List.of("22", "23", "54");

        private RefusedRows() {}

        /** Whether the database refused a value: the same statement will always fail. */
        public static boolean isRefusal(Throwable failure) {
            return failure instanceof PgException refused
                    && refused.getSqlState() != null
                    && REFUSALS.contains(refused.getSqlState().substring(0, 2));
        }

        /**
         * Runs a statement for all rows. When the database refuses a value, halves the rows until the refused one is found, so that it
         * fails alone.
         *
         * @param refused called for each refused row
         */
        public static <T> Uni<Void> failAlone(
                List<T> rows, Function<List<T>, Uni<Void>> statement, BiConsumer<T, Throwable> refused) {
            return statement.apply(rows).onFailure(RefusedRows::isRefusal).recoverWithUni(failure -> {
                if (rows.size() == 1) {
                    refused.accept(rows.get(0), failure);
                    return Uni.createFrom().voidItem();
                }
                int half = rows.size() / 2;
                return failAlone(rows.subList(0, half), statement, refused)
                        .chain(() -> failAlone(rows.subList(half, rows.size()), statement, refused));
            });
        }
    }
}
