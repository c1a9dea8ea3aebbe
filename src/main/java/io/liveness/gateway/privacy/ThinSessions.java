package io.liveness.gateway.privacy;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Sql;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Thins sessions whose retention is over, on every replica. The first step stores the keyed hash of a session's idempotency key, the second
 * one erases the key and the other data a day later: see {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}. An
 * erased session is thinned as soon as its key has been hashed for a day.
 *
 * <p>A session ends when its fee ends or, without a fee, when its verdict is recorded or its init is refused; later events do not change
 * that time. A session UNKNOWN ends when its fee counts as returned.
 */
@Startup // its metrics are there from the start
@Singleton
class ThinSessions {

    private static final Logger LOG = Logger.getLogger(ThinSessions.class);

    private static final int AT_A_TIME = 200;

    /** Batches of each step in one run at most, so that a long backlog leaves the database room for requests. */
    private static final int BATCHES = 50;

    private static final Duration A_DAY = Duration.ofDays(1);

    /** By the index {@code session_to_hash}. A session that is locked is left to the next run. */
    private static final String TO_HASH = """
            select s.id, s.caller, s.idempotency_key
            from session_end e join liveness_session s on s.id = e.session_id
            where e.unhashed_since <= liveness_now() - ? * interval '1 millisecond' and s.key_hash is null
              and s.status = e.status
            order by e.unhashed_since
            limit ?
            for no key update of s skip locked
            """;

    private static final String HASH = """
            with hashed as (
                update liveness_session s
                set key_hash = h.hash, key_hashed_at = liveness_now()
                from unnest(?::uuid[], ?::bytea[]) h (id, hash)
                where s.id = h.id
                returning s.id, s.caller, s.status
            )
            update session_end e set unhashed_since = null
            from hashed h
            where e.caller = h.caller and e.status = h.status and e.session_id = h.id
            """;

    /**
     * By the index {@code session_to_thin}. A day after the hash was stored every open that began before it has ended. The record of views of
     * the face image goes with the session's data.
     */
    private static final String THIN = """
            with due as (
                select id, token_hash from liveness_session
                where thinned_at is null and key_hashed_at <= liveness_now() - interval '1 day'
                  and status not in ('OPENING', 'PENDING') and charge_status <> 'UNCONFIRMED'
                  and (erased_at is not null
                       or coalesce(charge_settled_at, verdict_at, updated_at) <= liveness_now() - ? * interval '1 millisecond')
                order by key_hashed_at
                limit ?
                for update skip locked
            ), thinned as (
                update liveness_session s
                set idempotency_key = null, request_hash = null, return_url = null, title = null, reference = null, metadata = null,
                    verdict_message = null, token_hash = null, thinned_at = liveness_now()
                from due
                where s.id = due.id
                returning s.id, s.thinned_at
            ), token_deleted as (
                delete from session_token t using due where t.token_hash = due.token_hash and t.session_id = due.id
            ), views_deleted as (
                delete from face_view v using due where v.session_id = due.id
            ), """ + Outbox.answersForgottenOf("due") + """

            insert into session_event (session_id, type, at, detail)
            select id, 'THINNED', thinned_at, '{"by": "retention"}' from thinned
            """;

    /** Counts 10,000 of each step at most. An erased session is due a day after its key was hashed. */
    private static final String DUE = """
            select count(*) as due, coalesce(extract(epoch from max(liveness_now() - due_at)), 0) as seconds
            from ((select unhashed_since + $1::float8 * interval '1 millisecond' as due_at
                   from session_end
                   where unhashed_since <= liveness_now() - $1::float8 * interval '1 millisecond'
                   order by unhashed_since limit 10000)
                  union all
                  (select case when erased_at is not null then key_hashed_at + interval '1 day'
                               else coalesce(charge_settled_at, verdict_at, updated_at) + $1::float8 * interval '1 millisecond' end
                   from liveness_session
                   where thinned_at is null and key_hashed_at is not null
                   order by key_hashed_at limit 10000)) left_over
            where due_at <= liveness_now()
            """;

    private record Hashed(UUID session, byte[] key) {}

    private final Batch batch;
    private final Sealing sealing;
    private final DatabaseWatch watch;
    private final double retentionMillis;
    private final Counter thinned;

    ThinSessions(
            Batch batch,
            Sealing sealing,
            DatabaseWatch watch,
            RetentionRule.Sessions config,
            DatabaseFigures figures,
            MeterRegistry registry) {
        this.batch = batch;
        this.sealing = sealing;
        this.watch = watch;
        this.retentionMillis = config.retention().toMillis();
        this.thinned = Counter.builder("liveness.sessions.thinned")
                .description("Thinned sessions")
                .register(registry);
        figures.showEachMinute(
                DUE,
                List.of(retentionMillis),
                new Figure("due", "liveness.sessions.thinning.due", "Sessions whose retention is over, not thinned"),
                new Figure(
                        "seconds", "liveness.thinning.overdue", "Seconds since the earliest should have been thinned"));
    }

    /** Thins what is due. With a wrong clock it thins nothing. */
    @Scheduled(identity = "thinning", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    void thin() {
        if (!watch.isWrong()) {
            FailedWork.orLog(LOG, "thinning.failed", () -> {
                for (int batches = 0; batches < BATCHES && batch.transact(this::hashSome) == AT_A_TIME; batches++) {}
                for (int batches = 0; batches < BATCHES && thinSome() == AT_A_TIME; batches++) {}
            });
        }
    }

    /** Hashes the keys of sessions that are thinned a day later. */
    private int hashSome(Connection connection) throws SQLException {
        List<Hashed> hashed = Sql.list(
                connection,
                TO_HASH,
                row -> new Hashed(
                        row.getObject("id", UUID.class),
                        sealing.keyHash(row.getString("caller"), row.getString("idempotency_key"))),
                retentionMillis - A_DAY.toMillis(),
                AT_A_TIME);
        return Sql.execute(
                connection,
                HASH,
                Sql.array(connection, "uuid", UUID[]::new, hashed, Hashed::session),
                Sql.array(connection, "bytea", byte[][]::new, hashed, Hashed::key));
    }

    private int thinSome() {
        int done = batch.transact(connection -> Sql.execute(connection, THIN, retentionMillis, AT_A_TIME));
        thinned.increment(done);
        return done;
    }
}
