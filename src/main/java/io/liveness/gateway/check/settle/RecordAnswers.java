package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionMetrics;
import io.liveness.gateway.check.schedule.LeaseSessions.LeasedSession;
import io.liveness.gateway.check.settle.SettleSession.Settlement;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.liveness.gateway.vendor.Verdict;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Records what was learned about leased sessions: settles those that have a verdict, reschedules the others. */
@Singleton
public class RecordAnswers {

    private static final Logger LOG = Logger.getLogger(RecordAnswers.class);

    /** A poll that brought no verdict is repeated after its lease; it is not worth more. */
    private static final Duration POLL_MATTERS = Duration.ofSeconds(15);

    /** A verdict is nowhere else. */
    private static final Duration ALWAYS = Duration.ofDays(365);

    /** A leased session and what the vendor said of it. */
    public record PolledSession(LeasedSession session, VerdictOutcome outcome) {

        private static final Optional<Integer> EXPIRED = Optional.of(Verdict.EXPIRED.code());

        /**
         * Asks the vendor about a leased session. Never fails.
         *
         * @param clock when the answer came
         */
        static Uni<PolledSession> poll(
                Function<Confidential, Uni<VerdictOutcome>> vendor, LeasedSession session, InstantSource clock) {
            Uni<VerdictOutcome> outcome = session.token()
                    .map(vendor)
                    .orElseGet(() -> Uni.createFrom()
                            .item(new VerdictOutcome.NoAnswer(
                                    Optional.empty(), false, "the stored token cannot be read", Optional.empty())));
            return outcome.map(
                    said -> new PolledSession(session, judge(said, session.tokenExpiresAt(), clock.instant())));
        }

        /** A token that has expired before its end is no verdict: the vendor may still have one. */
        static VerdictOutcome judge(VerdictOutcome said, Optional<Instant> tokenExpiresAt, Instant at) {
            boolean tooEarly = said instanceof VerdictOutcome.Final verdict
                    && verdict.verdict() == Verdict.EXPIRED
                    && tokenExpiresAt.filter(at::isBefore).isPresent();
            return tooEarly
                    ? new VerdictOutcome.NoAnswer(
                            EXPIRED,
                            false,
                            "the vendor answered before the token's end that it has expired",
                            said.taskNo())
                    : said;
        }

        boolean expiredEarly() {
            return outcome instanceof VerdictOutcome.NoAnswer none
                    && none.code().equals(EXPIRED);
        }
    }

    private final SettleSession settle;
    private final RescheduleSession reschedule;
    private final Sealing sealing;
    private final VendorBudget budget;
    private final SessionMetrics metrics;
    private final Clock clock;

    RecordAnswers(
            SettleSession settle,
            RescheduleSession reschedule,
            Sealing sealing,
            VendorBudget budget,
            SessionMetrics metrics,
            Clock clock) {
        this.settle = settle;
        this.reschedule = reschedule;
        this.sealing = sealing;
        this.budget = budget;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Records the vendor's answers, any number of them in at most two statements.
     *
     * @param purpose the purpose of the polls; answers of scheduled polls are recorded on the reserved connections
     */
    public Uni<Void> answers(List<PolledSession> polled, Purpose purpose) {
        Connections connections = purpose.isScheduledPoll() ? Connections.RESERVED : Connections.SHARED;
        List<Settlement> settlements = new ArrayList<>();
        List<PolledSession> unsettled = new ArrayList<>();
        boolean slowDown = false;
        for (PolledSession session : polled) {
            if (session.outcome() instanceof VerdictOutcome.Final verdict) {
                settlements.add(settlement(session.session(), verdict));
            } else {
                unsettled.add(session);
            }
            if (session.outcome() instanceof VerdictOutcome.NoAnswer none) {
                metrics.unanswered();
                slowDown |= none.slowDown();
            }
            if (session.expiredEarly()) {
                metrics.expiredEarly();
                LOG.warnf(
                        "session.expired-early sessionId=%s", session.session().id());
            }
        }
        // The vendor may not give a verdict twice: it is recorded as long as the process lives. What is repeated has
        // the ids and the time of the first try, so that it changes nothing once it is recorded.
        List<Uni<Void>> steps = new ArrayList<>();
        if (!settlements.isEmpty()) {
            steps.add(settle.settle(ALWAYS, settlements, connections));
        }
        if (!unsettled.isEmpty()) {
            steps.add(KeepTrying.rows(
                    POLL_MATTERS,
                    unsettled,
                    some -> reschedule.reschedule(some, connections),
                    (poll, failure) -> SettleSession.notRecorded(poll.session().id(), failure)));
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

    private Settlement settlement(LeasedSession session, VerdictOutcome.Final verdict) {
        Optional<byte[]> face =
                verdict.faceImageUrl().map(url -> sealing.seal(session.id(), Sealing.Column.FACE_URL, url));
        return Settlement.verdict(session.id(), verdict, face, clock.instant());
    }
}
