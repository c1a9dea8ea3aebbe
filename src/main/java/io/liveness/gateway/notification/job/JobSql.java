package io.liveness.gateway.notification.job;

/** The statements of jobs. A step takes the deliveries after the job's position, so that it ends whatever comes meanwhile. */
final class JobSql {

    private static final String JOB = """
            with job as materialized (
                select id, endpoint_id, since, position, created_at from webhook_job
                where ended_at is null and kind = '%s'
                order by id limit 1
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
            returning j.ended_at is null
            """;

    /** $1 how many deliveries in a step. Returns whether there is more to do; no row without a job. */
    static final String REPLAY = JOB.formatted("REPLAY") + """
            , taken as materialized (
                select d.endpoint_id, d.event_id
                from job j cross join lateral (
                    select d.endpoint_id, d.event_id from webhook_delivery d
                    where d.endpoint_id = j.endpoint_id and d.status = 'FAILED' and d.event_id > j.position
                      and d.ended_at <= j.created_at
                    order by d.event_id limit $1
                ) d
            ), ended as (
                delete from webhook_delivery d using taken t
                where d.endpoint_id = t.endpoint_id and d.event_id = t.event_id
                returning d.*
            ), again as (
                insert into webhook_outbox (endpoint_id, event_id, seq, session_id, type, at, data, attempts, next_attempt_at)
                select endpoint_id, event_id, seq, session_id, type, at, data, attempts, liveness_now() from ended
            )""" + PROGRESS;

    /** The same. */
    static final String RESUME = JOB.formatted("RESUME") + """
            , taken as materialized (
                select o.endpoint_id, o.event_id
                from job j cross join lateral (
                    select o.endpoint_id, o.event_id from webhook_outbox o
                    where o.endpoint_id = j.endpoint_id and o.event_id > j.position
                    order by o.event_id limit $1
                ) o
            ), due as (
                update webhook_outbox o set next_attempt_at = least(o.next_attempt_at, liveness_now()), attempt = 0
                from taken t
                where o.endpoint_id = t.endpoint_id and o.event_id = t.event_id
            )""" + PROGRESS;

    /** The same. */
    static final String DELETE = JOB.formatted("DELETE") + """
            , pending as materialized (
                select o.endpoint_id, o.event_id
                from job j cross join lateral (
                    select o.endpoint_id, o.event_id from webhook_outbox o
                    where o.endpoint_id = j.endpoint_id order by o.event_id limit $1
                ) o
            ), ended as materialized (
                select d.endpoint_id, d.event_id
                from job j cross join lateral (
                    select d.endpoint_id, d.event_id from webhook_delivery d
                    where d.endpoint_id = j.endpoint_id order by d.event_id limit $1
                ) d
            ), removed as (
                delete from webhook_outbox o using pending p where o.endpoint_id = p.endpoint_id and o.event_id = p.event_id
            ), forgotten as (
                delete from webhook_delivery d using ended e where d.endpoint_id = e.endpoint_id and d.event_id = e.event_id
            ), taken as (
                select * from pending union all select * from ended
            )""" + PROGRESS;

    /** $1 id, $2 the endpoint, $3 since when, $4 the lowest id of an event of that time. */
    static final String START_REPLAY = """
            insert into webhook_job (id, endpoint_id, kind, since, position, created_at)
            values ($1, $2, 'REPLAY', $3, $4, liveness_now())
            returning id, since, moved, created_at, ended_at
            """;

    /** $1 id, $2 the endpoint. */
    static final String GET_REPLAY = """
            select id, since, moved, created_at, ended_at from webhook_job
            where id = $1 and endpoint_id = $2 and kind = 'REPLAY'
            """;

    /** $1 how many, $2 how long they are kept, in milliseconds. */
    static final String FORGET_DELIVERIES = """
            with old as materialized (
                select endpoint_id, event_id from webhook_delivery
                where ended_at < liveness_now() - $2::float8 * interval '1 millisecond'
                order by ended_at limit $1
            )
            delete from webhook_delivery d using old where d.endpoint_id = old.endpoint_id and d.event_id = old.event_id
            """;

    /** $1 how many, $2 the lowest id of an event that is kept. Of endpoints that are paused: others have an end before. */
    static final String FORGET_PENDING = """
            with old as materialized (
                select o.endpoint_id, o.event_id
                from webhook_endpoint p cross join lateral (
                    select o.endpoint_id, o.event_id from webhook_outbox o
                    where o.endpoint_id = p.id and o.event_id < $2
                    order by o.event_id limit $1
                ) o
                limit $1
            )
            delete from webhook_outbox o using old where o.endpoint_id = old.endpoint_id and o.event_id = old.event_id
            """;

    private JobSql() {}
}
