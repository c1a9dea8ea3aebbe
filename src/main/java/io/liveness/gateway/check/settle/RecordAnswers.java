package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionMetrics;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.schedule.Timetable;
import io.liveness.gateway.check.settle.SettleSession.Settlement;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/** Records what was learned about leased sessions: settles those that have a verdict, reschedules the others. */
@Singleton
public class RecordAnswers {

    private static final Logger LOG = Logger.getLogger(RecordAnswers.class);

    /** A poll that brought no verdict is repeated after its lease; it is not worth more. */
    private static final Duration POLL_MATTERS = Duration.ofSeconds(15);

    /** A verdict is nowhere else. */
    private static final Duration ALWAYS = Duration.ofDays(365);

    /**
     * A leased session and what the vendor said of it.
     *
     * @param answeredAt when the vendor said it, which may be long before it is recorded
     */
    public record PolledSession(LeasedSession session, VerdictOutcome outcome, Instant answeredAt) {

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
            return outcome.map(said -> {
                Instant now = clock.instant();
                return new PolledSession(session, judge(said, session.tokenExpiresAt(), now), now);
            });
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

    /** @param failure null of a poll that did not fail */
    private record Poll(UUID id, int lease, Instant nextAt, Integer code, UUID event, JsonObject failure) {}

    private static final Records<Poll> POLL = new Records<Poll>()
            .with("id", "uuid", Poll::id)
            .with("lease", "int", Poll::lease)
            .with("next_at", "timestamptz", Poll::nextAt)
            .with("code", "int", Poll::code)
            .with("event_id", "uuid", Poll::event)
            .with("failure", "jsonb", Poll::failure);

    /**
     * $1 polls, $2 now. A poll that was counted has no lease any more, so a repetition counts nothing. The array has the rows found by their
     * keys: where few are open the join alone might be planned as a scan of all.
     */
    private static final String RESCHEDULE = """
            with poll as (
                select * from
            """ + POLL.from("$1", "l") + """
            ), counted as (
                update session_schedule s
                set next_poll_at = l.next_at, leased_until = null,
                    polls = s.polls + 1, failed_polls = s.failed_polls + (l.failure is not null)::int,
                    first_poll_at = coalesce(s.first_poll_at, $2::timestamptz), last_poll_at = $2::timestamptz,
                    second_last_poll_at = s.last_poll_at, third_last_poll_at = s.second_last_poll_at,
                    last_poll_code = l.code
                from poll l
                where s.session_id = any (array(select id from poll)) and s.session_id = l.id
                  and s.lease = l.lease and s.leased_until is not null
                returning l.event_id, l.id, l.failure, s.failed_polls
            )
            insert into session_event (id, session_id, type, at, detail)
            select event_id, id, 'CHECKED', $2::timestamptz, failure from counted
            where failure is not null and failed_polls <= 5
            on conflict (session_id, id) do nothing
            """;

    /** The vendor's code for a check that is not finished. */
    private static final Integer NOT_FINISHED = 201;

    private final Database database;
    private final SettleSession settle;
    private final Sealing sealing;
    private final VendorBudget budget;
    private final SessionMetrics metrics;
    private final Timetable timetable;
    private final Clock clock;

    RecordAnswers(
            Database database,
            SettleSession settle,
            Sealing sealing,
            VendorBudget budget,
            SessionMetrics metrics,
            Timetable timetable,
            Clock clock) {
        this.database = database;
        this.settle = settle;
        this.sealing = sealing;
        this.budget = budget;
        this.metrics = metrics;
        this.timetable = timetable;
        this.clock = clock;
    }

    /**
     * Records the vendor's answers, any number of them in at most two statements.
     *
     * @param purpose the purpose of the polls; answers of scheduled polls are recorded on the reserved connections
     */
    public Uni<Void> answers(List<PolledSession> polled, Purpose purpose) {
        return answers(polled, purpose, ended -> {});
    }

    /** @param ended is told how many answers are recorded or given up, as soon as they are: one whose row is locked may take for ever */
    Uni<Void> answers(List<PolledSession> polled, Purpose purpose, IntConsumer ended) {
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
            steps.add(settle.settle(ALWAYS, settlements, connections, ended));
        }
        if (!unsettled.isEmpty()) {
            steps.add(KeepTrying.rows(
                    POLL_MATTERS,
                    unsettled,
                    some -> reschedule(some, connections).invoke(() -> ended.accept(some.size())),
                    (poll, failure) -> {
                        SettleSession.notRecorded(poll.session().id(), failure);
                        ended.accept(1);
                    }));
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

    /**
     * Puts sessions back on the timetable after a poll that brought no verdict, counts the poll, and ends their lease. Of polls that failed
     * the first five of a session are events.
     */
    private Uni<Void> reschedule(List<PolledSession> polled, Connections connections) {
        Instant now = clock.instant();
        return database.execute(
                        connections,
                        RESCHEDULE,
                        Tuple.of(
                                POLL.of(polled.stream()
                                        .map(poll -> poll(poll, now))
                                        .toList()),
                                SqlValues.time(now)))
                .replaceWithVoid();
    }

    private Poll poll(PolledSession polled, Instant now) {
        return new Poll(
                polled.session().id(),
                polled.session().lease(),
                next(polled, now),
                code(polled.outcome()),
                SqlValues.newId(now),
                failure(polled.outcome()));
    }

    /** A poll that fell due while the answer was tried to be recorded is due now: it may be the last that has the verdict. */
    private Instant next(PolledSession poll, Instant now) {
        LeasedSession session = poll.session();
        Instant expiresAt = session.tokenExpiresAt().orElseThrow();
        Instant next = poll.outcome() instanceof VerdictOutcome.NoAnswer
                ? timetable.afterNoAnswer(session.initAt(), expiresAt, poll.answeredAt())
                : timetable.next(session.initAt(), expiresAt, poll.answeredAt());
        return next.isBefore(now) ? now : next;
    }

    private static Integer code(VerdictOutcome outcome) {
        return outcome instanceof VerdictOutcome.NoAnswer none ? none.code().orElse(null) : NOT_FINISHED;
    }

    private static JsonObject failure(VerdictOutcome outcome) {
        return outcome instanceof VerdictOutcome.NoAnswer none
                ? SqlValues.detail(
                        "code",
                        none.code().orElse(null),
                        "reason",
                        none.reason(),
                        "taskNo",
                        none.taskNo().orElse(null))
                : null;
    }
}
