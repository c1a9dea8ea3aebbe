package io.liveness.gateway.reconciliation;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.UnderWay;
import io.liveness.gateway.platform.postgres.ClockWatch;
import io.liveness.gateway.session.AskedSession;
import io.liveness.gateway.session.DueLooks;
import io.liveness.gateway.session.DueSession;
import io.liveness.gateway.session.LeaseSessions;
import io.liveness.gateway.session.Outages;
import io.liveness.gateway.session.RecordAnswers;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Grant;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Brings due sessions to a verdict: leases as many as the budget grants and this replica has room for, asks the vendor about them
 * side by side, and records the answers as they come in. Each answer makes room, which is filled at once. Any number of replicas
 * do this at the same time.
 */
@Singleton
class ReconcileSessions {

    private static final Logger LOG = Logger.getLogger(ReconcileSessions.class);

    // Answers that come in together are recorded together; one that hangs holds up no other.
    private static final Duration TOGETHER = Duration.ofMillis(25);

    private final LeaseSessions leases;
    private final RecordAnswers record;
    private final LivenessVendor vendor;
    private final VendorBudget budget;
    private final LookBacklog backlog;
    private final ClockWatch clock;
    private final Outages outages;
    private final int limit;
    // From the lease to the recorded answer.
    private final UnderWay underWay;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean waitingForRoom;
    private volatile boolean stopped;

    ReconcileSessions(
            LeaseSessions leases,
            RecordAnswers record,
            LivenessVendor vendor,
            VendorBudget budget,
            LookBacklog backlog,
            ClockWatch clock,
            Outages outages,
            ReconcileConfig config) {
        this.leases = leases;
        this.record = record;
        this.vendor = vendor;
        this.budget = budget;
        this.backlog = backlog;
        this.clock = clock;
        this.outages = outages;
        this.limit = config.batchSize();
        this.underWay = new UnderWay(limit);
    }

    /** Does what is due now. Completes when all of it is recorded. */
    Uni<Void> tick() {
        return look().chain(underWay::none);
    }

    /** Asks about what is due, and does not wait for the answers. Does nothing while an earlier look is not finished. */
    Uni<Void> look() {
        return Uni.createFrom().deferred(() -> {
            if (stopped || !looking.compareAndSet(false, true)) {
                return done();
            }
            return Uni.createFrom()
                    .deferred(this::lookOnce)
                    .repeat()
                    .whilst(found -> found)
                    .collect()
                    .last()
                    .onFailure()
                    .invoke(outages::seen)
                    .onTermination()
                    .invoke(() -> looking.set(false))
                    .replaceWithVoid();
        });
    }

    /** From now on no session is asked about, for a process that is to end. */
    void beginNothing() {
        stopped = true;
    }

    /** Completes when all answers under way are recorded. */
    Uni<Void> idle() {
        return underWay.none();
    }

    /** @return whether there may be more */
    private Uni<Boolean> lookOnce() {
        int room = underWay.room();
        waitingForRoom = room == 0;
        if (waitingForRoom || stopped) {
            return Uni.createFrom().item(false);
        }
        return leases.countToAsk(room)
                .invoke(backlog::seen)
                .chain(due -> due.none() || clock.isWrong() ? Uni.createFrom().item(false) : ask(due, room));
    }

    /** Last looks first: their verdicts are lost soonest. */
    private Uni<Boolean> ask(DueLooks due, int room) {
        int last = Math.min(due.lastLooks(), room);
        int others = Math.min(due.others(), room - last);
        return ask(Purpose.LAST_LOOK, last, leases::forLastLooks)
                .chain(asked -> ask(Purpose.LOOK, others, leases::forLooks).map(more -> asked + more > 0));
    }

    /** @return how many were leased */
    private Uni<Integer> ask(Purpose purpose, int wanted, IntFunction<Uni<List<DueSession>>> lease) {
        return budget.take(purpose, wanted).chain(grant -> {
            if (grant.calls() < wanted) {
                backlog.shortOfBudget();
            }
            if (grant.calls() == 0) {
                return Uni.createFrom().item(0);
            }
            return lease.apply(grant.calls())
                    .invoke(due -> ask(purpose, due, grant))
                    .call(due -> budget.giveBack(purpose, grant.calls() - due.size()))
                    .map(List::size);
        });
    }

    private void ask(Purpose purpose, List<DueSession> due, Grant grant) {
        underWay.begin(due.size());
        Executor context = CallerContext.capture();
        Multi.createFrom()
                .iterable(IntStream.range(0, due.size()).boxed().toList())
                .onItem()
                .transformToUni(number -> inItsPlace(due.get(number), grant.waitFor(number), context))
                .merge(limit)
                .group()
                .intoLists()
                .of(limit, TOGETHER)
                .onItem()
                .transformToUni(answers -> recorded(purpose, answers))
                // As many as there can be lists: one that is not taken at once would end them all.
                .merge(limit)
                .subscribe()
                .with(recorded -> {}, failure -> LOG.error("reconcile.failed", failure));
    }

    private Uni<AskedSession> inItsPlace(DueSession session, Duration wait, Executor context) {
        Uni<AskedSession> asked = AskedSession.ask(vendor, session);
        return wait.isZero()
                ? asked
                : Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(wait)
                        .emitOn(context)
                        .chain(() -> asked);
    }

    /** What cannot be recorded is asked about again after its lease; the others go on. */
    private Uni<Void> recorded(Purpose purpose, List<AskedSession> asked) {
        return record.answers(asked, purpose)
                .onFailure()
                .invoke(failure -> LOG.errorf(failure, "reconcile.not-recorded sessions=%d", asked.size()))
                .onFailure()
                .recoverWithNull()
                .onTermination()
                .invoke(() -> {
                    underWay.end(asked.size());
                    if (waitingForRoom) {
                        look().subscribe().with(looked -> {}, failure -> LOG.error("reconcile.failed", failure));
                    }
                });
    }

    private static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }
}
