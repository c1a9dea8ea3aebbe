package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.check.schedule.LeaseSessions.DuePolls;
import io.liveness.gateway.check.schedule.LeaseSessions.LeasedPolls;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.schedule.PollBacklog;
import io.liveness.gateway.check.schedule.PollConfig;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.platform.UnderWay;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Grant;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Polls due sessions: leases as many as the budget grants and this replica has room for, polls them concurrently, and records the answers
 * as they arrive. Each answer makes room for another session at once. All replicas do this at the same time.
 *
 * <p>Answers that arrive together are recorded by one statement. Those of final polls do not wait for others, because their verdicts are
 * lost first.
 */
@Singleton
class PollSessions {

    private static final Logger LOG = Logger.getLogger(PollSessions.class);
    private static final Grant NONE = new Grant(0, Duration.ZERO, Duration.ZERO);

    private final LeaseSessions leases;
    private final RecordAnswers record;
    private final LivenessVendor vendor;
    private final VendorBudget budget;
    private final PollBacklog backlog;
    private final DatabaseWatch watch;
    private final Clock clock;
    private final int limit;
    // The polls under way, from the lease to the recorded answer.
    private final UnderWay underWay;
    private final Batcher<PolledSession, Void> finalPolls;
    private final Batcher<PolledSession, Void> polls;
    private final AtomicBoolean polling = new AtomicBoolean();
    private final AtomicBoolean fillAfterwards = new AtomicBoolean();
    // What was due at the last count, less what was leased since. Free room is filled from it.
    private volatile DuePolls left = DuePolls.NONE;
    private volatile boolean stopped;

    PollSessions(
            LeaseSessions leases,
            RecordAnswers record,
            LivenessVendor vendor,
            VendorBudget budget,
            PollBacklog backlog,
            DatabaseWatch watch,
            Clock clock,
            PollConfig config) {
        this.leases = leases;
        this.record = record;
        this.vendor = vendor;
        this.budget = budget;
        this.backlog = backlog;
        this.watch = watch;
        this.clock = clock;
        this.limit = config.batchSize();
        this.underWay = new UnderWay(limit);
        this.finalPolls = new Batcher<>(limit, answers -> record(answers, Purpose.FINAL_POLL));
        this.polls = new Batcher<>(limit, answers -> record(answers, Purpose.POLL));
    }

    // Does not wait for answers: a vendor that hangs must not delay the final polls of other sessions.
    @NonBlocking
    @Scheduled(identity = "poll", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> pollOrLog() {
        return FailedWork.orLog(LOG, "poll.failed", poll());
    }

    /** Starts polls of what is due and does not wait for the answers. Does nothing while an earlier run is not finished. */
    Uni<Void> poll() {
        return whileNoOtherPolls(leases.forPolls(0, 0, 2 * limit)
                .map(LeasedPolls::due)
                .invoke(this::counted)
                .replaceWithVoid());
    }

    /** Fills free room with what is known to be due, after the run that is under way. */
    private void fill() {
        if (left.none()) {
            return;
        }
        fillAfterwards.set(true);
        if (!polling.get() && fillAfterwards.getAndSet(false)) {
            whileNoOtherPolls(Uni.createFrom().voidItem())
                    .subscribe()
                    .with(filled -> {}, failure -> FailedWork.log(LOG, "poll.failed", failure));
        }
    }

    private Uni<Void> whileNoOtherPolls(Uni<Void> count) {
        return Uni.createFrom().deferred(() -> {
            if (stopped || !polling.compareAndSet(false, true)) {
                return Uni.createFrom().voidItem();
            }
            return count.chain(this::pollWhileThereIsMore).onTermination().invoke(this::polled);
        });
    }

    private void polled() {
        polling.set(false);
        if (fillAfterwards.getAndSet(false)) {
            fill();
        }
    }

    /** From now on no session is asked about, for a process that is to end. */
    void beginNothing() {
        stopped = true;
    }

    /** Completes when all answers under way are recorded. */
    Uni<Void> idle() {
        return underWay.none();
    }

    private void counted(DuePolls due) {
        left = due;
        backlog.seen(due);
    }

    private Uni<Void> pollWhileThereIsMore() {
        return Uni.createFrom()
                .deferred(this::pollSome)
                .repeat()
                .whilst(leased -> leased)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Final polls first: their verdicts are lost soonest. @return whether any session was leased */
    private Uni<Boolean> pollSome() {
        DuePolls due = left;
        int room = underWay.room();
        if (room == 0 || due.none() || stopped || !watch.knowsTheTime()) {
            return Uni.createFrom().item(false);
        }
        int last = Math.min(due.finalPolls(), room);
        int others = Math.min(due.others(), room - last);
        return take(Purpose.FINAL_POLL, last)
                .chain(forLast -> take(Purpose.POLL, others)
                        // Final polls do not wait for the others' places.
                        .onFailure()
                        .recoverWithItem(NONE)
                        .chain(forOthers -> lease(forLast, forOthers)));
    }

    private Uni<Grant> take(Purpose purpose, int wanted) {
        return budget.take(purpose, wanted).invoke(grant -> {
            if (grant.calls() < wanted) {
                backlog.shortOfBudget();
            }
        });
    }

    private Uni<Boolean> lease(Grant forLast, Grant forOthers) {
        if (forLast.calls() + forOthers.calls() == 0) {
            // Nothing is left until the next tick: the budget does not grow by being asked.
            left = DuePolls.NONE;
            return Uni.createFrom().item(false);
        }
        return leases.forPolls(forLast.calls(), forOthers.calls(), 2 * limit)
                .onFailure()
                .call(() -> budget.giveBack(Purpose.FINAL_POLL, forLast.calls())
                        .chain(() -> budget.giveBack(Purpose.POLL, forOthers.calls())))
                .invoke(leased -> leased(leased, forLast, forOthers))
                .call(leased -> budget.giveBack(
                        Purpose.FINAL_POLL,
                        forLast.calls() - leased.finalPolls().size()))
                .call(leased -> budget.giveBack(
                        Purpose.POLL, forOthers.calls() - leased.others().size()))
                .map(leased -> !leased.none());
    }

    private void leased(LeasedPolls leased, Grant forLast, Grant forOthers) {
        backlog.seen(leased.left());
        // What is due and could not be leased is leased by another replica.
        left = leased.none() ? DuePolls.NONE : leased.left();
        underWay.begin(leased.finalPolls().size() + leased.others().size());
        pollInPlaces(Purpose.FINAL_POLL, leased.finalPolls(), forLast);
        pollInPlaces(Purpose.POLL, leased.others(), forOthers);
    }

    /**
     * Polls each session when its place in the budget comes.
     *
     * @param grant as many places as there are sessions, or more
     */
    private void pollInPlaces(Purpose purpose, List<LeasedSession> due, Grant grant) {
        Executor context = CallerContext.capture();
        for (int number = 0; number < due.size(); number++) {
            LeasedSession session = due.get(number);
            Duration wait = grant.waitFor(number);
            Uni<PolledSession> poll = PolledSession.poll(
                    purpose == Purpose.FINAL_POLL ? vendor::finalPoll : vendor::poll, session, clock);
            (wait.isZero() ? poll : Pause.atLeast(wait).emitOn(context).chain(() -> poll))
                    .subscribe()
                    .with(answer -> answered(purpose, answer), failure -> {
                        LOG.errorf(failure, "poll.not-sent sessionId=%s", session.id());
                        recorded(1);
                    });
        }
    }

    private void answered(Purpose purpose, PolledSession answer) {
        (purpose == Purpose.FINAL_POLL ? finalPolls : polls)
                .send(answer)
                .subscribe()
                .with(done -> {});
    }

    /** A session whose answer cannot be recorded is polled again after its lease. Each makes room when its own answer is recorded. */
    private Uni<List<Void>> record(List<PolledSession> answers, Purpose purpose) {
        int sessions = answers.size();
        AtomicInteger unrecorded = new AtomicInteger(sessions);
        IntConsumer ended = some -> {
            unrecorded.addAndGet(-some);
            recorded(some);
        };
        return FailedWork.orLog(
                        LOG,
                        "poll.not-recorded sessions=" + sessions,
                        Uni.createFrom().deferred(() -> record.answers(answers, purpose, ended)))
                .map(done -> Collections.<Void>nCopies(sessions, null))
                .onTermination()
                .invoke(() -> recorded(unrecorded.get()));
    }

    private void recorded(int sessions) {
        underWay.end(sessions);
        fill();
    }
}
