package io.liveness.gateway.session.settling;

import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Together;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Records answers that arrive together in one statement, see {@link Together}. Answers of final polls do not wait for others, because their
 * verdicts are lost first.
 */
final class RecordTogether {

    private static final Logger LOG = Logger.getLogger(RecordTogether.class);

    private final BiFunction<List<PolledSession>, Purpose, Uni<Void>> record;
    private final IntConsumer recorded;
    private final Together<PolledSession> finalPolls;
    private final Together<PolledSession> polls;

    /**
     * @param record records answers of one purpose, together
     * @param mostTogether how many go into one statement at most
     * @param recorded told how many were recorded, or could not be
     */
    RecordTogether(BiFunction<List<PolledSession>, Purpose, Uni<Void>> record, int mostTogether, IntConsumer recorded) {
        this.record = record;
        this.recorded = recorded;
        this.finalPolls = new Together<>(answers -> record(answers, Purpose.FINAL_POLL), mostTogether);
        this.polls = new Together<>(answers -> record(answers, Purpose.POLL), mostTogether);
    }

    void add(Purpose purpose, PolledSession answer) {
        (purpose == Purpose.FINAL_POLL ? finalPolls : polls).add(answer);
    }

    /** A session whose answer cannot be recorded is polled again after its lease. */
    private Uni<Void> record(List<PolledSession> answers, Purpose purpose) {
        int sessions = answers.size();
        return Uni.createFrom()
                .deferred(() -> record.apply(answers, purpose))
                .onFailure()
                .invoke(failure -> FailedWork.log(LOG, "reconcile.not-recorded sessions=" + sessions, failure))
                .onTermination()
                .invoke(() -> recorded.accept(sessions));
    }
}
