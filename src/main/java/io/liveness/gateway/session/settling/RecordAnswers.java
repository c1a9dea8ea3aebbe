package io.liveness.gateway.session.settling;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.postgres.RefusedRows;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.SessionConfig;
import io.liveness.gateway.session.SessionMetrics;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.leasing.DueSession;
import io.liveness.gateway.session.opening.ConcludeOpening;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Records what was learned about leased sessions: settles those that have a verdict, reschedules the others. */
@Singleton
public class RecordAnswers {

    private static final Logger LOG = Logger.getLogger(RecordAnswers.class);

    /** A look that brought no verdict is repeated after its lease; it is not worth more. */
    private static final Duration LOOK_MATTERS = Duration.ofSeconds(15);

    private final SettleSession settle;
    private final RescheduleSession reschedule;
    private final ConcludeOpening conclude;
    private final Sealing sealing;
    private final VendorBudget budget;
    private final SessionMetrics metrics;
    private final Duration untilWrittenOff;

    RecordAnswers(
            SettleSession settle,
            RescheduleSession reschedule,
            ConcludeOpening conclude,
            Sealing sealing,
            VendorBudget budget,
            SessionMetrics metrics,
            LivenessVendor vendor,
            SessionConfig config) {
        this.settle = settle;
        this.reschedule = reschedule;
        this.conclude = conclude;
        this.sealing = sealing;
        this.budget = budget;
        this.metrics = metrics;
        this.untilWrittenOff = vendor.tokenLifetime().plus(config.expiryGrace());
    }

    /**
     * Records the vendor's answers, any number of them in at most two statements.
     *
     * @param purpose what they were asked for; those of looks are recorded on the reserved connections
     */
    public Uni<Void> answers(List<AskedSession> asked, Purpose purpose) {
        Connections connections = purpose.isLook() ? Connections.RESERVED : Connections.SHARED;
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
        // The vendor may not give a verdict twice: it is held as long as it can matter.
        List<Uni<Void>> steps = new ArrayList<>();
        if (!endings.isEmpty()) {
            steps.add(KeepTrying.until(untilWrittenOff, settled(endings, connections)));
        }
        if (!unsettled.isEmpty()) {
            steps.add(KeepTrying.until(LOOK_MATTERS, rescheduled(unsettled, connections)));
        }
        if (slowDown) {
            steps.add(budget.slowDown(purpose));
        }
        return all(steps);
    }

    private static Uni<Void> all(List<Uni<Void>> steps) {
        return switch (steps.size()) {
            case 0 -> Uni.createFrom().voidItem();
            case 1 -> steps.get(0);
            default -> Uni.join().all(steps).andCollectFailures().replaceWithVoid();
        };
    }

    private Uni<Void> settled(List<Ending> endings, Connections connections) {
        return RefusedRows.failAlone(
                endings,
                some -> settle.settle(some, connections),
                (ending, failure) -> refused(ending.session(), failure));
    }

    private Uni<Void> rescheduled(List<AskedSession> looks, Connections connections) {
        return RefusedRows.failAlone(
                looks,
                some -> reschedule.reschedule(some, connections),
                (look, failure) -> refused(look.session().id(), failure));
    }

    private static void refused(UUID session, Throwable failure) {
        LOG.errorf(failure, "session.not-recorded sessionId=%s", session);
    }

    /** Ends what no answer can be had for any more. */
    public Uni<Void> writeOff(List<DueSession> due) {
        List<Uni<Void>> steps = new ArrayList<>();
        List<Ending> endings = due.stream()
                .filter(session -> session.status() != SessionStatus.OPENING)
                .map(Ending::writtenOff)
                .toList();
        if (!endings.isEmpty()) {
            steps.add(settled(endings, Connections.RESERVED));
        }
        due.stream()
                .filter(session -> session.status() == SessionStatus.OPENING)
                .map(this::orphaned)
                .forEach(steps::add);
        return all(steps);
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
