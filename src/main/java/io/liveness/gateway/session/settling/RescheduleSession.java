package io.liveness.gateway.session.settling;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.session.leasing.LeasedSession;
import io.liveness.gateway.session.opening.PollSchedule;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** Puts sessions back on the timetable after a poll that brought no verdict, and ends their lease. */
@Singleton
class RescheduleSession {

    private static final String RESCHEDULE = """
            with poll as materialized (
                select * from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::uuid[], $5::jsonb[])
                    as l (id, lease, next_at, event_id, detail)
            ), moved as (
                update session_schedule s
                set next_look_at = l.next_at, leased_until = null
                from poll l
                where s.session_id = l.id and s.lease = l.lease
            )
            insert into session_event (id, session_id, type, at, detail)
            select event_id, id, 'CHECKED', $6, detail from poll
            on conflict (id) do nothing
            """;

    private final Database database;
    private final Clock clock;
    private final PollSchedule schedule;

    RescheduleSession(Database database, Clock clock, PollSchedule schedule) {
        this.database = database;
        this.clock = clock;
        this.schedule = schedule;
    }

    Uni<Void> reschedule(List<PolledSession> asked, Connections connections) {
        if (asked.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        return database.execute(
                        connections,
                        RESCHEDULE,
                        new Columns<>(asked)
                                .add(UUID[]::new, poll -> poll.session().id())
                                .add(Integer[]::new, poll -> poll.session().lease())
                                .add(OffsetDateTime[]::new, poll -> Sql.time(next(poll, now)))
                                .add(UUID[]::new, poll -> Sql.newId(now))
                                .add(JsonObject[]::new, poll -> detail(poll.outcome()))
                                .same(Sql.time(now))
                                .tuple())
                .replaceWithVoid();
    }

    private Instant next(PolledSession poll, Instant now) {
        LeasedSession session = poll.session();
        Instant expiresAt = session.tokenExpiresAt().orElseThrow();
        return poll.outcome() instanceof VerdictOutcome.NoAnswer
                ? schedule.afterNoAnswer(session.initAt(), expiresAt, now)
                : schedule.next(session.initAt(), expiresAt, now);
    }

    private static JsonObject detail(VerdictOutcome outcome) {
        if (outcome instanceof VerdictOutcome.NoAnswer none) {
            return Sql.detail(
                    "code",
                    none.code().orElse(null),
                    "reason",
                    none.reason(),
                    "taskNo",
                    none.taskNo().orElse(null));
        }
        return Sql.detail("code", 201, "taskNo", outcome.taskNo().orElse(null));
    }
}
