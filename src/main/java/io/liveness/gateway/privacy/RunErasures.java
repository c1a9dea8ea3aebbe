package io.liveness.gateway.privacy;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.privacy.face.Redactions;
import io.liveness.gateway.privacy.face.Redactions.RedactedBy;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Runs erasures on every replica until none is due. A run takes an erasure for a minute, erases its sessions that have ended in batches,
 * each in a transaction, and finishes it or leaves it for the next minute. After a crash any replica goes on. Thinning erases the keys a day
 * later: see {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}.
 *
 * <p>Shows erasures that have not finished.
 */
@Startup // its metrics are there from the start
@Singleton
class RunErasures {

    private static final Logger LOG = Logger.getLogger(RunErasures.class);

    private static final int AT_A_TIME = 200;

    /** The running erasure that has waited longest. Another replica does not take it within a minute. */
    private static final String CLAIM = """
            update erasure set next_run_at = liveness_now() + interval '1 minute'
            where id = (
                select id from erasure
                where finished_at is null and next_run_at <= liveness_now()
                order by next_run_at limit 1
                for no key update skip locked)
            returning id, requested_by
            """;

    /** A session that is locked is left to the next run. */
    private static final String TO_ERASE = """
            select s.id, s.caller, s.idempotency_key
            from erasure_session l join liveness_session s on s.id = l.session_id
            where l.erasure_id = ? and s.erased_at is null
              and s.status not in ('OPENING', 'PENDING') and s.charge_status <> 'UNCONFIRMED'
            order by s.id
            limit ?
            for no key update of s skip locked
            """;

    /** The face image is redacted in the same update. A refused session has no event for callers. */
    private static final String ERASE = """
            with due as (
                select h.*, s.status = 'PASSED' and s.face_redacted_at is null as has_face
                from unnest(?::uuid[], ?::bytea[]) h (id, hash)
                join liveness_session s on s.id = h.id
            ), erased as (
                update liveness_session s
                set reference = null, metadata = null, return_url = null, title = null, verdict_message = null, request_hash = null,
                    key_hash = coalesce(s.key_hash, due.hash), key_hashed_at = coalesce(s.key_hashed_at, liveness_now()),
                    face_url_sealed = null,
                    face_redacted_at = case when s.status = 'PASSED' then coalesce(s.face_redacted_at, liveness_now())
                                            else s.face_redacted_at end,
                    erased_at = liveness_now()
                from due
                where s.id = due.id
                returning s.id, s.caller, s.status, s.erased_at, due.has_face,
                          case when s.status <> 'REJECTED' then s.caller end as told
            ), ended as (
                update session_end e set unhashed_since = null, face_since = null
                from erased
                where e.caller = erased.caller and e.status = erased.status and e.session_id = erased.id
            ), """
            + Outbox.answersForgottenOf("erased")
            + """
            , happened as (
                select 1 as nth, id, 'FACE_REDACTED' as type, erased_at as at, null as told
                from erased where has_face
                union all
                select 2, id, 'ERASED', erased_at, told from erased
            ), event as (
                insert into session_event (session_id, type, at, detail, caller)
                select id, type, at, ?::jsonb, told from happened order by nth
                returning id, session_id, at, caller, seq
            ), told as (
                select id as event_id, seq, caller, session_id, 'liveness.session.redacted' as kind, at, '{}'::jsonb as data
                from event where caller is not null
            ), delivery as (
            """ + Outbox.deliveriesFrom("told") + """
            )
            select count(*) as erased, count(*) filter (where has_face) as faces, exists (select from delivery) as to_deliver,
                   (select count(
            """ + SettledSignals.notifyCaller("caller") + """
                   ) from told) as callers_told
            from erased
            """;

    /** When no session of it waits; otherwise it runs again after a minute. */
    private static final String FINISH = """
            update erasure e
            set next_run_at = liveness_now() + interval '1 minute',
                finished_at = case when not exists (
                    select from erasure_session l join liveness_session s on s.id = l.session_id
                    where l.erasure_id = e.id and s.erased_at is null) then liveness_now() end
            where id = ? and finished_at is null
            returning finished_at is not null as finished
            """;

    /** Counts 10,000 at most. */
    private static final String RUNNING = """
            select count(*) as running, coalesce(extract(epoch from liveness_now() - min(begun_at)), 0) as seconds
            from (select begun_at from erasure where finished_at is null order by next_run_at limit 10000) running
            """;

    private record Claimed(UUID id, String by) {}

    /** @param hash of its key; null when the session is thinned and has none */
    private record Due(UUID session, byte[] hash) {}

    private record Erased(int sessions, int faces, boolean toDeliver) {}

    private final Batch batch;
    private final Sealing sealing;
    private final Redactions redactions;
    private final Outbox outbox;

    RunErasures(Batch batch, Sealing sealing, Redactions redactions, Outbox outbox, DatabaseFigures figures) {
        this.batch = batch;
        this.sealing = sealing;
        this.redactions = redactions;
        this.outbox = outbox;
        figures.showEachMinute(
                RUNNING,
                List.of(),
                new Figure("running", "liveness.erasures.running", "Erasures with sessions that are not erased yet"),
                new Figure("seconds", "liveness.erasures.oldest", "Seconds since the oldest of them was requested"));
    }

    /** An erasure that failed is due again after a minute. */
    @Scheduled(identity = "erasures", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    void run() {
        FailedWork.orLog(LOG, "erasures.failed", () -> {
            for (Optional<Claimed> next = claim(); next.isPresent(); next = claim()) {
                run(next.get());
            }
        });
    }

    private Optional<Claimed> claim() {
        return batch.transact(connection -> Sql.first(
                connection, CLAIM, row -> new Claimed(row.getObject("id", UUID.class), row.getString("requested_by"))));
    }

    private void run(Claimed erasure) {
        while (eraseSome(erasure.id(), erasure.by()) == AT_A_TIME) {}
        boolean finished = batch.transact(
                connection -> Sql.first(connection, FINISH, row -> row.getBoolean("finished"), erasure.id())
                        .orElse(false));
        if (finished) {
            LOG.infof("erasure.finished erasureId=%s", erasure.id());
        }
    }

    /**
     * Erases some sessions that have ended. Two replicas that do the same erase each session once.
     *
     * @param by for the events
     * @return how many
     */
    int eraseSome(UUID erasure, String by) {
        Erased erased = batch.transact(connection -> {
            List<Due> due = Sql.list(connection, TO_ERASE, this::hashed, erasure, AT_A_TIME);
            return due.isEmpty() ? new Erased(0, 0, false) : erase(connection, due, by);
        });
        redactions.count(RedactedBy.CALLER, erased.faces());
        if (erased.toDeliver()) {
            outbox.filled();
        }
        return erased.sessions();
    }

    private Due hashed(ResultSet row) throws SQLException {
        String key = row.getString("idempotency_key");
        return new Due(
                row.getObject("id", UUID.class), key == null ? null : sealing.keyHash(row.getString("caller"), key));
    }

    private Erased erase(Connection connection, List<Due> due, String by) throws SQLException {
        return Sql.first(
                        connection,
                        ERASE,
                        row -> new Erased(row.getInt("erased"), row.getInt("faces"), row.getBoolean("to_deliver")),
                        Sql.array(connection, "uuid", UUID[]::new, due, Due::session),
                        Sql.array(connection, "bytea", byte[][]::new, due, Due::hash),
                        new JsonObject().put("by", by).encode())
                .orElseThrow();
    }
}
