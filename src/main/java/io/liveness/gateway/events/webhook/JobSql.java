package io.liveness.gateway.events.webhook;

/**
 * The statements of jobs. A step takes the deliveries after the job's position, so that it ends whatever comes meanwhile, and locks them in
 * the order of their ids. Jobs of a kind take turns: the one that has moved fewest comes first. A step returns how many it took; no row
 * without a job.
 */
final class JobSql {

    private static final String JOB = """
            with job as materialized (
                select id, endpoint_id, since, position, created_at from webhook_job
                where ended_at is null and kind = '%s' and created_at <= liveness_now() - interval '%s'
                order by moved, id limit 1
                for no key update skip locked
            )""";

    private static final String PROGRESS = """
            , progress as (
                select count(*) as taken, (select event_id from taken order by event_id desc limit 1) as last from taken
            )
            update webhook_job j
            set moved = j.moved + p.taken, position = coalesce(p.last, j.position),
                ended_at = case when p.taken < $1 then liveness_now() end
            from progress p
            where j.id = (select id from job)
            returning p.taken
            """;

    /** $1 how many deliveries in a step. */
    static final String REPLAY = JOB.formatted("REPLAY", "0") + """
            , taken as materialized (
                select d.id, d.event_id
                from job j cross join lateral (
                    select d.id, d.event_id from webhook_delivery d
                    where d.endpoint_id = j.endpoint_id and d.status = 'FAILED' and d.event_id > j.position
                      and d.ended_at <= j.created_at
                    order by d.event_id limit $1
                ) d
            ), ended as (
                delete from webhook_delivery d where d.id = any (array(select id from taken)) returning d.*
            ), again as (
                insert into webhook_outbox (endpoint_id, event_id, seq, session_id, type, at, data, attempts, next_attempt_at)
                select endpoint_id, event_id, seq, session_id, type, at, data, attempts, liveness_now() from ended
            )""" + PROGRESS;

    /** $2 the length of a lease, in milliseconds: what is due within it may be under way, and comes by itself. */
    static final String RESUME = JOB.formatted("RESUME", "0") + """
            , taken as materialized (
                select o.id, o.event_id
                from job j cross join lateral (
                    select o.id, o.event_id from webhook_outbox o
                    where o.endpoint_id = j.endpoint_id and o.event_id > j.position
                    order by o.event_id limit $1
                ) o
            ), free as materialized (
                select o.id from webhook_outbox o
                where o.id = any (array(select id from taken))
                  and (o.next_attempt_at <= liveness_now()
                       or o.next_attempt_at > liveness_now() + $2::float8 * interval '1 millisecond')
                order by o.id
                for no key update
            ), due as (
                update webhook_outbox o set next_attempt_at = liveness_now(), attempt = 0
                where o.id = any (array(select id from free))
            )""" + PROGRESS;

    /** A minute after the endpoint was deleted, when no statement that saw it is still running. */
    static final String DELETE = JOB.formatted("DELETE", "1 minute") + """
            , pending as materialized (
                select o.id, o.event_id
                from job j cross join lateral (
                    select o.id, o.event_id from webhook_outbox o
                    where o.endpoint_id = j.endpoint_id order by o.event_id limit $1
                ) o
            ), ended as materialized (
                select d.id, d.event_id
                from job j cross join lateral (
                    select d.id, d.event_id from webhook_delivery d
                    where d.endpoint_id = j.endpoint_id order by d.event_id limit $1
                ) d
            ), removed as (
                delete from webhook_outbox where id = any (array(select id from pending))
            ), forgotten as (
                delete from webhook_delivery where id = any (array(select id from ended))
            ), taken as (
                select * from pending union all select * from ended
            )""" + PROGRESS;

    /** $1 id, $2 the endpoint, $3 since when, $4 the lowest id of an event of that time. No row while another one is under way. */
    static final String START_REPLAY = """
            insert into webhook_job (id, endpoint_id, kind, since, position, created_at)
            values ($1, $2, 'REPLAY', $3, $4, liveness_now())
            on conflict (endpoint_id) where kind = 'REPLAY' and ended_at is null do nothing
            returning id, since, moved, created_at, ended_at
            """;

    /** $1 id, $2 the endpoint. */
    static final String GET_REPLAY = """
            select id, since, moved, created_at, ended_at from webhook_job
            where id = $1 and endpoint_id = $2 and kind = 'REPLAY'
            """;

    /** $1 how many, $2 how long they are kept, in milliseconds; as with the next ones. */
    static final String FORGET_DELIVERIES = """
            delete from webhook_delivery where id = any (array(
                select id from webhook_delivery
                where ended_at < liveness_now() - $2::float8 * interval '1 millisecond'
                order by ended_at limit $1))
            """;

    /** What endpoints that are not active have not received for that time, since it was due for the last time. */
    static final String FORGET_PENDING = """
            delete from webhook_outbox where id = any (array(
                select o.id
                from webhook_endpoint p cross join lateral (
                    select o.id from webhook_outbox o
                    where o.endpoint_id = p.id and o.next_attempt_at < liveness_now() - $2::float8 * interval '1 millisecond'
                    order by o.next_attempt_at limit $1
                ) o
                where p.status in ('PAUSED', 'DISABLED')
                limit $1))
            """;

    static final String FORGET_JOBS = """
            delete from webhook_job where id = any (array(
                select id from webhook_job
                where ended_at < liveness_now() - $2::float8 * interval '1 millisecond'
                order by ended_at limit $1))
            """;

    static final String FORGET_ENDPOINT_EVENTS = """
            delete from webhook_endpoint_event where seq = any (array(
                select seq from webhook_endpoint_event
                where at < liveness_now() - $2::float8 * interval '1 millisecond'
                order by at limit $1))
            """;

    private JobSql() {}
}
