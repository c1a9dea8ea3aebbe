package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.notification.EventKind;
import io.liveness.gateway.notification.Outbox;
import io.liveness.gateway.retention.EndedSessions;

/**
 * The statements of erasures. Limits are constants, so that PostgreSQL knows how few rows a statement reads. A session is found in a lateral
 * subquery with a limit, because a join might be planned as a scan of all sessions.
 */
final class ErasureSql {

    /** Sessions of one erasure at most: a reference with more is not that of one person. */
    static final int MOST_SESSIONS = 1_000;

    /** Sessions that one statement erases at most. */
    static final int AT_A_TIME = 200;

    /** Running erasures that are counted at most. */
    private static final int COUNTED = 10_000;

    private static final String COUNTS = """
            cross join lateral (
                select count(l.erased_at)::int as erased, (count(*) - count(l.erased_at))::int as waiting
                from erasure_session l where l.erasure_id = e.id
            ) counts""";

    private static final String VIEW = "e.id, e.requested_at, e.finished_at, counts.erased, counts.waiting";

    /**
     * Stores an erasure and lists its sessions: those that are stored by now. $1 id, $2 the caller, $3 the reference, $4 by whom, $5 the
     * hashes that may be stored of caller and key, $6 the encryption key, $7 the hash of caller and key under it, and $8 the digest, $9 and
     * $10 those of the request. No row when the key is known, or there are too many sessions.
     */
    static final String START = """
            with own as materialized (
                select s.id from liveness_session s
                where s.caller = $2 and s.reference = $3
                order by s.caller, s.reference, s.id
                limit %1$d + 1
            ), made as (
                insert into erasure (id, caller, hashed_under, key_hash, key_digest_sealed, request_hash, request_digest_sealed,
                                     requested_at, requested_by, begun_at, next_run_at, finished_at)
                select $1, $2, $6, $7, $8, $9, $10, liveness_now(), $4, liveness_now(), liveness_now(),
                       case when not exists (select from own) then liveness_now() end
                where (select count(*) from own) <= %1$d
                  and not exists (select from erasure e where e.caller = $2 and e.key_hash = any ($5::bytea[]))
                on conflict (caller, key_hash, hashed_under) do nothing
                returning id, requested_at, finished_at
            ), listed as (
                insert into erasure_session (erasure_id, session_id) select made.id, own.id from made, own
            )
            select id, requested_at, finished_at, 0 as erased, (select count(*) from own)::int as waiting from made
            """.formatted(MOST_SESSIONS);

    /** $1 the caller, $2 the hashes that may be stored of the key. Of two that were requested during a change of keys, the first one. */
    static final String BY_KEY = """
            select %s, e.request_hash
            from (select * from (select * from erasure where caller = $1 and key_hash = any ($2::bytea[]) offset 0) found
                  order by id limit 1) e %s
            """.formatted(VIEW, COUNTS);

    /** $1 the erasure, $2 the caller. */
    static final String GET = "select %s from erasure e %s where e.id = $1 and e.caller = $2".formatted(VIEW, COUNTS);

    /** $1 how many, $2 before which, $3 whose. Newest first. */
    static final String LIST = """
            select %s
            from (select * from erasure where caller = $3 and id < $2 order by caller desc, id desc limit $1) e %s
            order by e.id desc
            """.formatted(VIEW, COUNTS);

    /** Takes the running erasure that has waited longest. Another replica does not take it within a minute. */
    static final String CLAIM = """
            update erasure set next_run_at = liveness_now() + interval '1 minute'
            where id = (
                select id from erasure
                where finished_at is null and next_run_at <= liveness_now()
                order by next_run_at limit 1
                for no key update skip locked)
            returning id, requested_by
            """;

    /** $1 the erasure. Its sessions that have ended, with the keys that are hashed. */
    static final String TO_ERASE = """
            select s.id, s.caller, s.idempotency_key
            from (select session_id from erasure_session
                  where erasure_id = $1 and erased_at is null order by erasure_id, session_id limit %d) l
            cross join lateral (
                select * from liveness_session s where s.id = l.session_id and s.erased_at is null and %s limit 1
            ) s
            limit %d
            """.formatted(MOST_SESSIONS, EndedSessions.ENDED, AT_A_TIME);

    /**
     * $1 the erasure, $2 the detail of events, $3 sessions, $4 the hashes of their keys and $5 the digests, null of thinned ones, $6 and $7 ids of events. A
     * session that is locked, or was opened again, is left out. The face image is redacted in the same update, because a statement can update
     * a row only once. A refused session has no event for callers. Returns how many were erased and how many had a face image.
     */
    static final String ERASE =
            """
            with hashed as materialized (
                select * from unnest($3::uuid[], $4::bytea[], $5::bytea[], $6::uuid[], $7::uuid[])
                    as h (id, hash, digest, redaction_id, erasing_id)
            ), due as materialized (
                select h.*, s.has_face
                from hashed h cross join lateral (
                    select s.status = 'PASSED' and s.face_redacted_at is null as has_face from liveness_session s
                    where s.id = h.id and s.erased_at is null and %1$s
                    limit 1
                    for no key update of s skip locked
                ) s
            ), changed as (
                update liveness_session s
                set reference = null, metadata = null, return_url = null, title = null, verdict_message = null, request_hash = null,
                    key_hash = coalesce(s.key_hash, (select due.hash from due where due.id = s.id)),
                    key_digest_sealed = coalesce(s.key_digest_sealed, (select due.digest from due where due.id = s.id)),
                    key_hashed_at = coalesce(s.key_hashed_at, liveness_now()),
                    face_url_sealed = null,
                    face_redacted_at = case when s.status = 'PASSED' then coalesce(s.face_redacted_at, liveness_now())
                                            else s.face_redacted_at end,
                    erased_at = liveness_now()
                where s.id = any (array(select id from due))
                returning s.id, s.erased_at, case when s.status <> 'REJECTED' then s.caller end as told
            ), erased as materialized (
                select c.*, due.has_face, due.redaction_id, due.erasing_id from changed c join due on due.id = c.id
            ), listed as (
                update erasure_session l set erased_at = liveness_now()
                where l.erasure_id = $1 and l.session_id = any (array(select id from erased))
            ), happened as (
                select 1 as nth, redaction_id as event_id, id, 'FACE_REDACTED' as type, erased_at as at, null as told
                from erased where has_face
                union all
                select 2, erasing_id, id, 'ERASED', erased_at, told from erased
            ), event as (
                insert into session_event (id, session_id, type, at, detail, caller)
                select event_id, id, type, at, $2, told from happened order by nth
                returning id, session_id, at, caller, seq
            ), told as (
                select id as event_id, seq, caller, session_id, '%2$s' as kind, at, '{}'::jsonb as data
                from event where caller is not null
            ), delivery as (
                %3$s
            )
            select count(*)::int as erased, (count(*) filter (where has_face))::int as faces,
                   exists (select from delivery) as to_deliver
            from erased
            """.formatted(EndedSessions.ENDED, EventKind.SESSION_REDACTED.type(), Outbox.deliveriesFrom("told"));

    /**
     * $1 the erasure. It has finished when no session of it waits; sessions that another erasure has erased do not. Otherwise it runs again
     * after a minute. Returns whether it has finished.
     */
    static final String FINISH = """
            with waiting as materialized (
                select l.session_id, s.erased_at
                from (select session_id from erasure_session
                      where erasure_id = $1 and erased_at is null order by erasure_id, session_id limit %d) l
                cross join lateral (select erased_at from liveness_session s where s.id = l.session_id limit 1) s
            ), listed as (
                update erasure_session l
                set erased_at = (select w.erased_at from waiting w where w.session_id = l.session_id)
                where l.erasure_id = $1
                  and l.session_id = any (array(select session_id from waiting where erased_at is not null))
            )
            update erasure
            set next_run_at = liveness_now() + interval '1 minute',
                finished_at = coalesce(finished_at,
                    case when not exists (select from waiting where erased_at is null) then liveness_now() end)
            where id = $1
            returning finished_at is not null
            """.formatted(MOST_SESSIONS);

    /** How many erasures run, and the age of the oldest one in seconds. */
    static final String RUNNING = """
            select count(*)::int, coalesce(extract(epoch from liveness_now() - min(begun_at)), 0)::float8
            from (select begun_at from erasure where finished_at is null order by next_run_at limit %d) running
            """.formatted(COUNTED);

    private ErasureSql() {}
}
