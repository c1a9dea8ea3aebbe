package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.schedule.LeaseSessions.LeasedSession;
import io.liveness.gateway.check.schedule.Timetable;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.platform.postgres.Columns;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/**
 * Puts sessions back on the timetable after a poll that brought no verdict, counts the poll, and ends their lease. Of polls that failed the
 * first five of a session are events.
 */
@Singleton
class RescheduleSession {

    /**
     * Polls by columns: $1 sessions, $2 leases, $3 times of the next poll, $4 the vendor's codes, $5 ids of the events of failures and $6
     * their details, null of a poll that did not fail, $7 now. A poll that was counted has no lease any more, so a repetition counts
     * nothing. The array has the rows found by their keys: where few are open the join alone might be planned as a scan of all.
     */
    private static final String RESCHEDULE = """
            with poll as materialized (
                select * from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::int[], $5::uuid[], $6::jsonb[])
                    as l (id, lease, next_at, code, event_id, failure)
            ), counted as (
                update session_schedule s
                set next_poll_at = l.next_at, leased_until = null,
                    polls = s.polls + 1, failed_polls = s.failed_polls + (l.failure is not null)::int,
                    first_poll_at = coalesce(s.first_poll_at, $7), last_poll_at = $7,
                    second_last_poll_at = s.last_poll_at, third_last_poll_at = s.second_last_poll_at,
                    last_poll_code = l.code
                from poll l
                where s.session_id = any (array(select id from poll)) and s.session_id = l.id
                  and s.lease = l.lease and s.leased_until is not null
                returning l.event_id, l.id, l.failure, s.failed_polls
            )
            insert into session_event (id, session_id, type, at, detail)
            select event_id, id, 'CHECKED', $7, failure from counted
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
                        new Columns<>(polled)
                                .add(UUID[]::new, poll -> poll.session().id())
                                .add(Integer[]::new, poll -> poll.session().lease())
                                .add(OffsetDateTime[]::new, poll -> SqlValues.time(next(poll, now)))
                                .add(Integer[]::new, poll -> code(poll.outcome()))
                                .add(UUID[]::new, poll -> SqlValues.newId(now))
                                .add(JsonObject[]::new, poll -> failure(poll.outcome()))
                                .same(SqlValues.time(now))
                                .tuple())
                .replaceWithVoid();
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
