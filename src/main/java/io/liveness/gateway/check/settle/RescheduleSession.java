package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.schedule.LeaseSessions.LeasedSession;
import io.liveness.gateway.check.schedule.Timetable;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Puts sessions back on the timetable after a poll that brought no verdict, counts the poll, and ends their lease. Of polls that failed the
 * first five of a session are events.
 */
@Singleton
class RescheduleSession {

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
            with poll as materialized (
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
    private final Clock clock;
    private final Timetable timetable;

    RescheduleSession(Database database, Clock clock, Timetable timetable) {
        this.database = database;
        this.clock = clock;
        this.timetable = timetable;
    }

    Uni<Void> reschedule(List<PolledSession> polled, Connections connections) {
        if (polled.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
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

    private Instant next(PolledSession poll, Instant now) {
        LeasedSession session = poll.session();
        Instant expiresAt = session.tokenExpiresAt().orElseThrow();
        return poll.outcome() instanceof VerdictOutcome.NoAnswer
                ? timetable.afterNoAnswer(session.initAt(), expiresAt, now)
                : timetable.next(session.initAt(), expiresAt, now);
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
