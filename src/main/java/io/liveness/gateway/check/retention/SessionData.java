package io.liveness.gateway.check.retention;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.platform.postgres.Sql;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Takes from ended sessions what identifies a person or belongs to the request, when {@code privacy} says so: their rows, what finds them,
 * and the record of it in one transaction.
 */
@Singleton
public class SessionData {

    /** The index {@code session_to_hash} finds the sessions. A session that is locked is left to the next run. */
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
     * The index {@code session_to_thin} finds the sessions. A day after the hash was stored every open that began
     * before it has ended.
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
            ), event as (
                insert into session_event (session_id, type, at, detail)
                select id, 'THINNED', thinned_at, '{"by": "retention"}' from thinned
            ), """ + Outbox.answersForgottenOf("due") + """

            select id from thinned
            """;

    /** $1 the retention in milliseconds. Counts 10,000 of each step at most. An erased session is due a day after its key was hashed. */
    public static final String THINNING_DUE = """
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

    /** A session that is locked is left to the next run. */
    private static final String TO_ERASE = """
            select id, caller, idempotency_key from liveness_session
            where id = any (?) and erased_at is null and status not in ('OPENING', 'PENDING') and charge_status <> 'UNCONFIRMED'
            order by id
            limit ?
            for no key update skip locked
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
            """ + SettledSignals.sqlToNotifyCaller("caller") + """
                   ) from told) as callers_told
            from erased
            """;

    /** @param hash of its key; null when the session is thinned and has none */
    private record Keyed(UUID session, byte[] hash) {}

    /**
     * What was erased.
     *
     * @param faces how many of the sessions had a face image
     * @param toDeliver whether webhooks are due by it
     */
    public record Erased(int sessions, int faces, boolean toDeliver) {}

    private final Sealing sealing;

    SessionData(Sealing sealing) {
        this.sealing = sealing;
    }

    /**
     * Hashes the keys of sessions that ended so long ago, the first step of thinning.
     *
     * @param most sessions
     * @return how many
     */
    public int hashKeys(Connection connection, double endedMillisAgo, int most) throws SQLException {
        List<Keyed> due = Sql.list(connection, TO_HASH, this::hashed, endedMillisAgo, most);
        return Sql.execute(connection, HASH, ids(connection, due), hashes(connection, due));
    }

    /**
     * Thins sessions that ended so long ago or are erased, and whose keys have been hashed for a day.
     *
     * @param most sessions
     * @return which
     */
    public List<UUID> thin(Connection connection, double endedMillisAgo, int most) throws SQLException {
        return Sql.list(connection, THIN, row -> row.getObject("id", UUID.class), endedMillisAgo, most);
    }

    /**
     * Erases those of the sessions that have ended and are not erased.
     *
     * @param most of them
     * @param by for the events
     */
    public Erased erase(Connection connection, List<UUID> sessions, int most, String by) throws SQLException {
        List<Keyed> due = Sql.list(
                connection, TO_ERASE, this::hashed, connection.createArrayOf("uuid", sessions.toArray()), most);
        if (due.isEmpty()) {
            return new Erased(0, 0, false);
        }
        return Sql.first(
                        connection,
                        ERASE,
                        row -> new Erased(row.getInt("erased"), row.getInt("faces"), row.getBoolean("to_deliver")),
                        ids(connection, due),
                        hashes(connection, due),
                        new JsonObject().put("by", by).encode())
                .orElseThrow();
    }

    private Keyed hashed(ResultSet row) throws SQLException {
        String key = row.getString("idempotency_key");
        return new Keyed(
                row.getObject("id", UUID.class), key == null ? null : sealing.keyHash(row.getString("caller"), key));
    }

    private static Array ids(Connection connection, List<Keyed> due) throws SQLException {
        return Sql.array(connection, "uuid", UUID[]::new, due, Keyed::session);
    }

    private static Array hashes(Connection connection, List<Keyed> due) throws SQLException {
        return Sql.array(connection, "bytea", byte[][]::new, due, Keyed::hash);
    }
}
