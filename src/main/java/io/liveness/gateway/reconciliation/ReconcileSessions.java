package io.liveness.gateway.reconciliation;

import io.liveness.gateway.session.AskedSession;
import io.liveness.gateway.session.DueSession;
import io.liveness.gateway.session.LeaseSessions;
import io.liveness.gateway.session.RecordAnswers;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Brings due sessions to a verdict: leases a batch, asks the vendor about all of it side by side within the budget, and
 * records the answers as they come in. Any number of replicas do this at once.
 */
@Singleton
class ReconcileSessions {

    private static final Logger LOG = Logger.getLogger(ReconcileSessions.class);

    // Answers that come in together are recorded together; one that hangs holds up nobody.
    private static final Duration TOGETHER = Duration.ofMillis(25);

    private final LeaseSessions leases;
    private final RecordAnswers record;
    private final LivenessVendor vendor;
    private final VendorBudget budget;
    private final int batchSize;
    private final AtomicInteger asking = new AtomicInteger();

    ReconcileSessions(
            LeaseSessions leases,
            RecordAnswers record,
            LivenessVendor vendor,
            VendorBudget budget,
            ReconcileConfig config) {
        this.leases = leases;
        this.record = record;
        this.vendor = vendor;
        this.budget = budget;
        this.batchSize = config.batchSize();
    }

    /** Does what is due now. Completes when all of it is recorded. */
    Uni<Void> tick() {
        return Uni.join().all(writeOff(), ask()).andCollectFailures().replaceWithVoid();
    }

    private Uni<Void> writeOff() {
        return leases.toWriteOff(batchSize)
                .chain(due -> due.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : record.writeOff(due).chain(() -> due.size() >= batchSize ? writeOff() : done()));
    }

    private Uni<Void> ask() {
        int room = batchSize - asking.get();
        if (room <= 0) {
            return done();
        }
        return leases.countToAsk(room)
                .chain(due -> due.none()
                        ? Uni.createFrom().item(0)
                        : budget.takeForReconciling(due.lastLooks(), due.others()))
                .chain(granted -> granted == 0 ? done() : lease(granted).chain(due -> askAndGoOn(due, granted)));
    }

    /** Last looks first: their verdicts are lost soonest. */
    private Uni<List<DueSession>> lease(int limit) {
        return leases.toAsk(true, limit)
                .chain(last -> last.size() == limit
                        ? Uni.createFrom().item(last)
                        : leases.toAsk(false, limit - last.size())
                                .map(others -> Stream.concat(last.stream(), others.stream())
                                        .toList()));
    }

    private Uni<Void> askAndGoOn(List<DueSession> due, int granted) {
        int unused = granted - due.size();
        Uni<Void> asked = askAll(due);
        if (unused > 0) {
            return Uni.join()
                    .all(budget.giveBack(unused), asked)
                    .andCollectFailures()
                    .replaceWithVoid();
        }
        return Uni.join().all(asked, ask()).andCollectFailures().replaceWithVoid();
    }

    private Uni<Void> askAll(List<DueSession> due) {
        asking.addAndGet(due.size());
        return Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUni(session ->
                        AskedSession.ask(vendor, session).onTermination().invoke(asking::decrementAndGet))
                .merge(batchSize)
                .group()
                .intoLists()
                .of(batchSize, TOGETHER)
                .onItem()
                .transformToUniAndMerge(this::recorded)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    /** A batch that cannot be recorded is asked about again after its lease; the others go on. */
    private Uni<Void> recorded(List<AskedSession> asked) {
        return record.answers(asked)
                .onFailure()
                .invoke(failure -> LOG.errorf(failure, "reconcile.not-recorded sessions=%d", asked.size()))
                .onFailure()
                .recoverWithNull();
    }

    private static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }
}
