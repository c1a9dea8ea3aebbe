package io.liveness.gateway.retention.erasure;

/** The statements of the records of erasures. */
final class RecordSql {

    /** $1 after which erasure, $2 since when, $3 how many. Oldest first. */
    static final String LIST = """
            select e.id, e.caller, e.requested_at,
                   array(select l.session_id from erasure_session l
                         where l.erasure_id = e.id order by l.erasure_id, l.session_id) as sessions
            from erasure e where e.id > $1 and e.requested_at >= $2 order by e.id limit $3
            """;

    /**
     * Stores a record again and has its sessions erased that are there and are not erased. $1 the erasure, $2 its caller, $3 when it was
     * requested, $4 by whom it is repeated, $5 its sessions. A session of another caller counts as missing. No row when the erasure is
     * there and has another caller, or lacks one of the sessions.
     */
    static final String REPEAT = """
            with named as materialized (
                select n.id, s.id as found, s.erased_at
                from unnest($5::uuid[]) as n (id) left join lateral (
                    select s.id, s.erased_at from liveness_session s where s.id = n.id and s.caller = $2 limit 1
                ) s on true
            ), waiting as materialized (
                select id from named where found is not null and erased_at is null
            ), stored as (
                insert into erasure (id, caller, requested_at, requested_by, begun_at, next_run_at, finished_at)
                select $1, $2, $3, $4, liveness_now(), liveness_now(), case when not exists (select from waiting) then liveness_now() end
                on conflict (id) do update
                set begun_at = case when excluded.finished_at is null then excluded.begun_at else erasure.begun_at end,
                    requested_by = case when excluded.finished_at is null then excluded.requested_by else erasure.requested_by end,
                    next_run_at = excluded.next_run_at,
                    finished_at = case when excluded.finished_at is null then null else erasure.finished_at end
                where erasure.caller = excluded.caller
                  and cardinality($5::uuid[]) = (
                      select count(*) from erasure_session l where l.erasure_id = $1 and l.session_id = any ($5::uuid[]))
                returning id
            ), listed as (
                insert into erasure_session (erasure_id, session_id, erased_at)
                select stored.id, named.id, case when named.found is null then liveness_now() else named.erased_at end
                from stored, named
                on conflict (erasure_id, session_id) do update
                set erased_at = case when excluded.erased_at is not null then coalesce(erasure_session.erased_at, excluded.erased_at) end
            )
            select count(found)::int as found, (count(*) - count(found))::int as missing
            from named
            having exists (select from stored)
            """;

    private RecordSql() {}
}
