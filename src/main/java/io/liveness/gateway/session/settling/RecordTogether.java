package io.liveness.gateway.session.settling;

import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Records answers that arrive together in one statement. Answers of final polls do not wait for others, because their verdicts are lost
 * first.
 */
final class RecordTogether {

    private static final Logger LOG = Logger.getLogger(RecordTogether.class);

    private final BiFunction<List<PolledSession>, Purpose, Uni<Void>> record;
    private final IntConsumer recorded;
    private final Batcher<PolledSession, Void> finalPolls;
    private final Batcher<PolledSession, Void> polls;

    /**
     * @param record records answers of one purpose, together
     * @param mostTogether how many go into one statement at most
     * @param recorded told how many were recorded, or could not be
     */
    RecordTogether(BiFunction<List<PolledSession>, Purpose, Uni<Void>> record, int mostTogether, IntConsumer recorded) {
        this.record = record;
        this.recorded = recorded;
        this.finalPolls = new Batcher<>(mostTogether, answers -> record(answers, Purpose.FINAL_POLL));
        this.polls = new Batcher<>(mostTogether, answers -> record(answers, Purpose.POLL));
    }

    void add(Purpose purpose, PolledSession answer) {
        (purpose == Purpose.FINAL_POLL ? finalPolls : polls)
                .send(answer)
                .subscribe()
                .with(done -> {});
    }

    /** A session whose answer cannot be recorded is polled again after its lease. */
    private Uni<List<Void>> record(List<PolledSession> answers, Purpose purpose) {
        int sessions = answers.size();
        return Uni.createFrom()
                .deferred(() -> record.apply(answers, purpose))
                .onFailure()
                .invoke(failure -> FailedWork.log(LOG, "reconcile.not-recorded sessions=" + sessions, failure))
                .onFailure()
                .recoverWithNull()
                .map(done -> Collections.<Void>nCopies(sessions, null))
                .onTermination()
                .invoke(() -> recorded.accept(sessions));
    }
}
