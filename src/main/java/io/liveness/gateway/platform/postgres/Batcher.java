package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Writes or reads rows in batches of one statement each: a row is sent at once while few batches are under way, and those that come
 * meanwhile share the next batch. So no row waits for other rows, and under load more rows share a statement.
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
    private final Duration keepTrying;
    private final Function<List<T>, Uni<List<R>>> statement;
    private List<Waiting<T, R>> waiting = new ArrayList<>();
    private int underWay;

    /** Makes batches of {@link #SIZE}, whose rows are not tried again. */
    public Batcher(Function<List<T>, Uni<List<R>>> statement) {
        this(SIZE, statement);
    }

    /** Makes batches of {@link #SIZE} whose rows are tried again for so long, as {@link KeepTrying#rows} does. */
    public Batcher(Duration keepTrying, Function<List<T>, Uni<List<R>>> statement) {
        this(SIZE, SIDE_BY_SIDE, keepTrying, statement);
    }

    /** Makes batches of so many rows, two of them side by side, whose rows are not tried again. */
    public Batcher(int size, Function<List<T>, Uni<List<R>>> statement) {
        this(size, SIDE_BY_SIDE, statement);
    }

    /** Makes batches whose rows are not tried again when the database is away or a lock holds them up. */
    public Batcher(int size, int sideBySide, Function<List<T>, Uni<List<R>>> statement) {
        this(size, sideBySide, Duration.ZERO, statement);
    }

    /**
     * @param size rows of a batch at most
     * @param sideBySide batches under way at which further rows wait, unless they make a full batch
     * @param keepTrying how long each row is tried again
     * @param statement answers as many values as it is given rows, in their order, which is the one in which they came
     */
    private Batcher(int size, int sideBySide, Duration keepTrying, Function<List<T>, Uni<List<R>>> statement) {
        this.size = size;
        this.sideBySide = sideBySide;
        this.keepTrying = keepTrying;
        this.statement = statement;
    }

    /**
     * Sends the row, also when its subscriber leaves meanwhile. The answer comes on the subscriber's context. It fails
     * when the database refuses the row alone, or when the whole statement fails, as it does with a lost connection,
     * and rows are not tried again.
     */
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

    /**
     * Takes the next batch, if it may begin, and counts it as under way. A full one does not wait, so that fewer rows
     * than one batch takes wait here; all others wait under the limits of the pool. To be called under the lock.
     */
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

    /**
     * The statement runs on the context of its first row, so that it is part of that one's trace and of no earlier
     * one's.
     */
    private void run(List<Waiting<T, R>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        AtomicBoolean counts = new AtomicBoolean(true);
        Uni.createFrom()
                .deferred(() -> KeepTrying.rows(keepTrying, batch, this::answer, Waiting::fail))
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
}
