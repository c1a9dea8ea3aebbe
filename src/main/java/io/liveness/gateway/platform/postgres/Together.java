package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.Pause;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Runs a statement for a row at once while few such statements are under way. Rows that arrive meanwhile share the next statement, which
 * begins when one of those ends. So no row waits for other rows, and under load more rows share one statement.
 *
 * <p>A full statement does not wait. So fewer rows than one statement takes wait here, for {@link #COUNTS_AS_ONE} at most; all others wait
 * under the limits of {@code liveness.database}.
 */
public final class Together<T> {

    // Two, so that one is under way in the database while the other is on its way there and back.
    private static final int SIDE_BY_SIDE = 2;
    // After this time a statement no longer delays the next one, so that a slow database delays no row for longer.
    private static final Duration COUNTS_AS_ONE = Duration.ofSeconds(1);

    private final Function<List<T>, Uni<Void>> statement;
    private final int most;
    private List<T> waiting = new ArrayList<>();
    private int underWay;

    /**
     * @param statement is given the rows in the order in which they came, and deals with its failures itself
     * @param most how many rows go into one statement
     */
    public Together(Function<List<T>, Uni<Void>> statement, int most) {
        this.statement = statement;
        this.most = most;
    }

    public void add(T row) {
        List<T> rows;
        synchronized (this) {
            waiting.add(row);
            rows = next();
        }
        run(rows);
    }

    /** Counts what it answers as under way. To be called under the lock. */
    private List<T> next() {
        boolean mayBegin = underWay < SIDE_BY_SIDE || waiting.size() >= most;
        if (waiting.isEmpty() || !mayBegin) {
            return List.of();
        }
        List<T> rows = waiting;
        waiting = new ArrayList<>();
        underWay++;
        return rows;
    }

    private void run(List<T> rows) {
        if (rows.isEmpty()) {
            return;
        }
        AtomicBoolean counts = new AtomicBoolean(true);
        Uni.createFrom()
                .deferred(() -> statement.apply(rows))
                .onTermination()
                .invoke(() -> countsNoMore(counts))
                .subscribe()
                .with(done -> {}, failure -> {});
        Pause.atLeast(COUNTS_AS_ONE).subscribe().with(late -> countsNoMore(counts));
    }

    private void countsNoMore(AtomicBoolean counts) {
        if (counts.compareAndSet(true, false)) {
            List<T> rows;
            synchronized (this) {
                underWay--;
                rows = next();
            }
            run(rows);
        }
    }
}
