package io.liveness.gateway.session;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.vendor.OpenOutcome;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Records what was learned about leased sessions: settles those that have a verdict, reschedules the others. */
@Singleton
public class RecordAnswers {

    private static final Duration RETRY_FROM = Duration.ofMillis(100);
    private static final Duration RETRY_TO = Duration.ofSeconds(2);
    private static final Duration RETRY_FOR = Duration.ofMinutes(1);

    private final SettleSession settle;
    private final RescheduleSession reschedule;
    private final ConcludeOpening conclude;
    private final Sealing sealing;
    private final VendorBudget budget;
    private final SessionMetrics metrics;

    RecordAnswers(
            SettleSession settle,
            RescheduleSession reschedule,
            ConcludeOpening conclude,
            Sealing sealing,
            VendorBudget budget,
            SessionMetrics metrics) {
        this.settle = settle;
        this.reschedule = reschedule;
        this.conclude = conclude;
        this.sealing = sealing;
        this.budget = budget;
        this.metrics = metrics;
    }

    /** Records the vendor's answers, any number of them in at most two statements. */
    public Uni<Void> answers(List<AskedSession> asked) {
        List<Ending> endings = new ArrayList<>();
        List<AskedSession> unsettled = new ArrayList<>();
        boolean slowDown = false;
        for (AskedSession session : asked) {
            if (session.outcome() instanceof VerdictOutcome.Final verdict) {
                endings.add(ending(session.session(), verdict));
            } else {
                unsettled.add(session);
            }
            if (session.outcome() instanceof VerdictOutcome.NoAnswer none) {
                metrics.unanswered();
                slowDown |= none.slowDown();
            }
        }
        Uni<Void> slowed = slowDown ? budget.slowDown() : Uni.createFrom().voidItem();
        return Uni.join()
                .all(keepTrying(settle.settle(endings)), keepTrying(reschedule.reschedule(unsettled)), slowed)
                .andCollectFailures()
                .replaceWithVoid();
    }

    /**
     * The vendor may not give a verdict twice: hold on to it while the database is away. Recording the same again changes
     * nothing.
     */
    private static Uni<Void> keepTrying(Uni<Void> recording) {
        return Uni.createFrom().deferred(() -> {
            Executor caller = CallerContext.capture();
            return recording
                    .onFailure()
                    .retry()
                    .withBackOff(RETRY_FROM, RETRY_TO)
                    .expireIn(RETRY_FOR.toMillis())
                    .emitOn(caller);
        });
    }

    /** Ends what no answer can be had for any more. */
    public Uni<Void> writeOff(List<DueSession> due) {
        List<Uni<Void>> steps = new ArrayList<>();
        steps.add(settle.settle(due.stream()
                .filter(session -> session.status() != SessionStatus.OPENING)
                .map(Ending::writtenOff)
                .toList()));
        due.stream()
                .filter(session -> session.status() == SessionStatus.OPENING)
                .map(this::orphaned)
                .forEach(steps::add);
        return Uni.join().all(steps).andCollectFailures().replaceWithVoid();
    }

    private Ending ending(DueSession session, VerdictOutcome.Final verdict) {
        Optional<byte[]> face =
                verdict.faceImageUrl().map(url -> sealing.seal(session.id(), Sealing.Column.FACE_URL, url));
        return Ending.verdict(session.id(), verdict, face);
    }

    private Uni<Void> orphaned(DueSession session) {
        return conclude.conclude(
                        session.id(),
                        session.attempt(),
                        session.initAt(),
                        new OpenOutcome.Unknown(
                                Optional.empty(),
                                "The gateway stopped before init's answer was recorded",
                                Optional.empty()))
                .replaceWithVoid();
    }
}
