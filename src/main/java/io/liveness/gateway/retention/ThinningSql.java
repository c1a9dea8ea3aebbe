package io.liveness.gateway.retention;

/**
 * The statements of thinning. A session ends when its fee ends or, without a fee, when its verdict is recorded or its init is refused; later
 * events do not change that time. $1 is always a time in milliseconds. Limits are constants, so that PostgreSQL knows how few rows a
 * statement reads.
 */
final class ThinningSql {

    /** Sessions that one statement hashes or thins at most. */
    static final int AT_A_TIME = 200;

    /** Sessions that are counted at most, of each kind. */
    private static final int COUNTED = 10_000;

    private static final String ENDED_AT = "coalesce(s.charge_settled_at, s.verdict_at, s.updated_at)";

    private static final String ENDED_BEFORE = ENDED_AT + " <= liveness_now() - $1::float8 * interval '1 millisecond'";

    /** An erased session is thinned before its retention is over, as soon as its key has been hashed for {@link #HASHED_FOR}. */
    private static final String ERASED_OR_ENDED_BEFORE = "(s.erased_at is not null or " + ENDED_BEFORE + ")";

    /** By then every open that began before the hash was stored has ended, and no replica of an older release runs. */
    private static final String HASHED_FOR = "interval '1 day'";

    /** $1 how long ago the session ended. Oldest first. */
    static final String TO_HASH = """
            select s.id, s.caller, s.idempotency_key from liveness_session s
            where s.key_hash is null and %1$s and %2$s
            order by %3$s
            limit %4$d
            """.formatted(EndedSessions.ENDED, ENDED_BEFORE, ENDED_AT, AT_A_TIME);

    /**
     * $1 as above, $2 sessions, $3 the hashes of their keys, $4 the digests. A session that is locked, or was opened again, is left out.
     * The comparisons with {@code || ''} keep PostgreSQL from reading all sessions that are due by their partial index.
     */
    static final String HASH = """
            with hashed as materialized (
                select * from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as h (id, hash, digest)
            ), found as materialized (
                select s.id, h.hash, h.digest
                from hashed h join liveness_session s on s.id = h.id
                where s.key_hash is null and s.status || '' not in ('OPENING', 'PENDING')
                  and s.charge_status || '' <> 'UNCONFIRMED' and %s
                for no key update of s skip locked
            )
            update liveness_session s
            set key_hash = f.hash, key_digest_sealed = f.digest, key_hashed_at = liveness_now()
            from found f
            where s.id = f.id
            """.formatted(ENDED_BEFORE);

    /** $1 the retention, $2 {@link #AT_A_TIME} ids for the events. The record of views of the face image goes with the session's data. */
    static final String THIN = """
            with due as materialized (
                select s.id from liveness_session s
                where s.thinned_at is null and s.key_hashed_at is not null and s.key_hashed_at <= liveness_now() - %1$s
                  and %2$s and %3$s
                order by s.key_hashed_at
                limit %4$d
                for update of s skip locked
            ), thinned as (
                update liveness_session s
                set idempotency_key = null, request_hash = null, return_url = null, title = null, reference = null, metadata = null,
                    verdict_message = null, token_hash = null, token_digest_sealed = null, thinned_at = liveness_now()
                from due
                where s.id = due.id
                returning s.id, s.thinned_at
            ), views_deleted as (
                delete from face_view where session_id = any (array(select id from due))
            )
            insert into session_event (id, session_id, type, at, detail)
            select ($2::uuid[])[row_number() over ()], id, 'THINNED', thinned_at, '{"by": "retention"}' from thinned
            """.formatted(HASHED_FOR, EndedSessions.ENDED, ERASED_OR_ENDED_BEFORE, AT_A_TIME);

    /** $1 the retention. An erased session is due a day after its key was hashed. */
    static final String DUE = """
            select count(*)::int as due,
                   coalesce(max(extract(epoch from liveness_now() - ended_at)) - $1::float8 / 1000, 0)::float8 as overdue
            from ((select %1$s as ended_at from liveness_session s
                   where s.key_hash is null and %2$s and %3$s
                   order by %1$s limit %4$d)
                  union all
                  (select case when s.erased_at is null then %1$s
                               else s.key_hashed_at + %5$s - $1::float8 * interval '1 millisecond' end
                   from liveness_session s
                   where s.thinned_at is null and s.key_hashed_at is not null
                   order by s.key_hashed_at limit %4$d)) left_over
            where ended_at <= liveness_now() - $1::float8 * interval '1 millisecond'
            """.formatted(ENDED_AT, EndedSessions.ENDED, ENDED_BEFORE, COUNTED, HASHED_FOR);

    private ThinningSql() {}
}
