package io.liveness.gateway.reconciliation;

import io.liveness.gateway.session.AskedSession;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Records answers at once while few are being recorded; what comes in meanwhile is recorded together, as soon as one of those is
 * done. So no answer waits for others to come, and the more there are, the more go into one statement.
 */
final class RecordTogether {

    private static final Logger LOG = Logger.getLogger(RecordTogether.class);

    // Two, so that one is under way in the database while the other is on its way there and back.
    private static final int SIDE_BY_SIDE = 2;
    // One that takes longer, as all do while the database is away, holds up no other.
    private static final Duration COUNTS_AS_ONE = Duration.ofSeconds(1);

    private final BiFunction<List<AskedSession>, Purpose, Uni<Void>> record;
    private final int mostTogether;
    private final IntConsumer recorded;
    private final Map<Purpose, Deque<AskedSession>> waiting = new EnumMap<>(Purpose.class);
    private int beingRecorded;

    /**
     * @param record records answers of one purpose, together
     * @param mostTogether how many go into one statement at most
     * @param recorded told how many were recorded, or could not be
     */
    RecordTogether(BiFunction<List<AskedSession>, Purpose, Uni<Void>> record, int mostTogether, IntConsumer recorded) {
        this.record = record;
        this.mostTogether = mostTogether;
        this.recorded = recorded;
        waiting.put(Purpose.LAST_LOOK, new ArrayDeque<>());
        waiting.put(Purpose.LOOK, new ArrayDeque<>());
    }

    void add(Purpose purpose, AskedSession answer) {
        synchronized (this) {
            waiting.get(purpose).add(answer);
        }
        recordMore();
    }

    /** Last looks first: their verdicts are lost soonest. */
    private void recordMore() {
        for (Purpose purpose : List.of(Purpose.LAST_LOOK, Purpose.LOOK)) {
            List<AskedSession> answers = next(purpose);
            if (!answers.isEmpty()) {
                record(purpose, answers);
            }
        }
    }

    private synchronized List<AskedSession> next(Purpose purpose) {
        List<AskedSession> answers = new ArrayList<>();
        Deque<AskedSession> queue = waiting.get(purpose);
        if (beingRecorded < SIDE_BY_SIDE && !queue.isEmpty()) {
            beingRecorded++;
            while (answers.size() < mostTogether && !queue.isEmpty()) {
                answers.add(queue.poll());
            }
        }
        return answers;
    }

    /** What cannot be recorded is asked about again after its lease; the others go on. */
    private void record(Purpose purpose, List<AskedSession> answers) {
        int sessions = answers.size();
        AtomicBoolean counts = new AtomicBoolean(true);
        Uni.createFrom()
                .deferred(() -> record.apply(answers, purpose))
                .onFailure()
                .invoke(failure -> LOG.errorf(failure, "reconcile.not-recorded sessions=%d", sessions))
                .onTermination()
                .invoke(() -> {
                    recorded.accept(sessions);
                    countsNoMore(counts);
                })
                .subscribe()
                .with(done -> {}, failure -> {});
        Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(COUNTS_AS_ONE)
                .subscribe()
                .with(late -> countsNoMore(counts));
    }

    private void countsNoMore(AtomicBoolean counts) {
        if (counts.compareAndSet(true, false)) {
            synchronized (this) {
                beingRecorded--;
            }
            recordMore();
        }
    }
}
