package io.liveness.gateway.events.webhook;

/**
 * The statements of deliveries. They read and write what is open, and move what has ended to the history. Spans of time are parameters in
 * milliseconds. Rows are found by {@code = any(array(…))} or in a lateral subquery with a limit, because a join might be planned as a scan
 * of a whole table.
 */
public final class DeliverySql {

    /** Whether an earlier event of the same session is still to be delivered to the endpoint of {@code o}. */
    public static final String WAITS_FOR_AN_EARLIER_ONE = """
            (select count(*) from (
                select 1 from webhook_outbox earlier
                where earlier.endpoint_id = o.endpoint_id and earlier.session_id = o.session_id and earlier.seq < o.seq
                limit 1) one) > 0""";

    /**
     * Leases due deliveries of active endpoints, of each endpoint no more than it has room for: one, while it fails or is slow. A caller has
     * at most twice as many places as it leaves free, so that one that comes later finds some. Callers take turns, those with the
     * fewest deliveries under way first, and so do the endpoints of a caller. A delivery waits for earlier ones of the same session. $1 length
     * of the lease, $2 how many of an endpoint at once, $3 endpoints with deliveries under way at this replica, $4 how many each has, $5 how
     * many places are free, $6 endpoints that are slow.
     */
    static final String LEASE = """
            with endpoint as materialized (
                select p.id, p.caller, p.url, p.secret_sealed,
                       case when p.old_secret_until > liveness_now() then p.old_secret_sealed end as old_secret_sealed,
                       case when p.older_secret_until > liveness_now() then p.older_secret_sealed end as older_secret_sealed,
                       coalesce(b.busy, 0) as busy,
                       coalesce(sum(b.busy) over (partition by p.caller), 0) as busy_of_caller,
                       greatest(case when p.failing_since is null and p.id <> all ($6::uuid[]) then $2::int else 1 end - coalesce(b.busy, 0), 0) as room
                from webhook_endpoint p left join unnest($3::uuid[], $4::int[]) as b (id, busy) on b.id = p.id
                where p.status = 'ACTIVE'
            ), waiting as (
                select o.id, o.next_attempt_at,
                       p.busy_of_caller
                           + row_number() over (partition by p.caller order by p.busy + o.nth, o.next_attempt_at) as turn
                from endpoint p cross join lateral (
                    select o.id, o.next_attempt_at, row_number() over (order by o.next_attempt_at) as nth
                    from (
                        select o.id, o.next_attempt_at
                        from webhook_outbox o
                        where o.endpoint_id = p.id and o.next_attempt_at <= liveness_now() and not %s
                        order by o.next_attempt_at
                        limit least(p.room, $5::int)
                    ) o
                ) o
            ), due as materialized (
                select id from (
                    select id, turn, row_number() over (order by turn, next_attempt_at) as place from waiting
                ) w
                where turn <= 2 * ($5::int - place + 1)
            ), free as materialized (
                select o.id from webhook_outbox o
                where o.id = any (array(select id from due)) and o.next_attempt_at <= liveness_now()
                for no key update skip locked
            ), leased as (
                update webhook_outbox o
                set lease = o.lease + 1, next_attempt_at = liveness_now() + $1::float8 * interval '1 millisecond'
                where o.id = any (array(select id from free))
                returning o.*
            )
            select l.id, l.endpoint_id, l.event_id, l.type, l.at, l.session_id, l.data, l.attempt, l.lease,
                   p.url, p.secret_sealed, p.old_secret_sealed, p.older_secret_sealed,
                   (select s.reference from liveness_session s where s.id = l.session_id) as reference
            from leased l join endpoint p on p.id = l.endpoint_id
            """.formatted(WAITS_FOR_AN_EARLIER_ONE);

    /**
     * Records attempts: $1 deliveries, $2 leases, $3 results, $4 pauses before the next attempt, $5 what the attempts' lists get in
     * addition, $6 what went wrong, $7 the addresses that were called, $8 how long an endpoint may fail before it is paused. A success
     * counts without the lease too; of two attempts of one delivery it is the one that counts. A 410 counts for the address that
     * gave it. Deliveries and endpoints are locked in the order of their ids. Returns the endpoints that were paused or disabled.
     */
    static final String RECORD = """
            with made as materialized (
                select distinct on (id) * from unnest($1::int8[], $2::int[], $3::text[], $4::float8[], $5::jsonb[], $6::text[], $7::text[])
                    as m (id, lease, result, pause, attempt, error, url)
                order by id, result = 'DELIVERED' desc, lease desc
            ), own as materialized (
                select m.result, m.pause, m.error, m.url, o.id, o.endpoint_id, o.event_id, o.seq, o.session_id, o.type, o.at, o.data,
                       case when jsonb_array_length(o.attempts) >= 30 then o.attempts - 0 else o.attempts end || m.attempt as attempts
                from made m cross join lateral (
                    select * from webhook_outbox o
                    where o.id = m.id and (o.lease = m.lease or m.result = 'DELIVERED')
                    limit 1
                    for no key update
                ) o
            ), removed as (
                delete from webhook_outbox where id = any (array(select id from own where result <> 'RETRY'))
            ), ended as (
                insert into webhook_delivery (id, endpoint_id, event_id, seq, session_id, type, at, data, attempts, status, ended_at)
                select id, endpoint_id, event_id, seq, session_id, type, at, data, attempts,
                       case result when 'DELIVERED' then 'DELIVERED' else 'FAILED' end, liveness_now()
                from own where result <> 'RETRY'
            ), again as (
                update webhook_outbox o
                set (attempts, next_attempt_at) = (
                        select own.attempts, liveness_now() + own.pause * interval '1 millisecond' from own where own.id = o.id),
                    attempt = o.attempt + 1, lease = o.lease + 1
                where o.id = any (array(select id from own where result = 'RETRY'))
            ), health as materialized (
                select endpoint_id, bool_or(result = 'DELIVERED') as well, max(url) filter (where result = 'GONE') as gone,
                       max(error) as error
                from own group by endpoint_id order by endpoint_id
            ), judged as materialized (
                select p.id, p.caller, p.status, h.well, h.error, coalesce(p.failing_since, liveness_now()) as failing_since,
                       case when h.gone = p.url then 'GONE'
                            when p.status = 'ACTIVE' and not h.well
                                 and p.failing_since <= liveness_now() - $8::float8 * interval '1 millisecond' then 'FAILING'
                       end as ends
                from health h cross join lateral (
                    select * from webhook_endpoint p
                    where p.id = h.endpoint_id and (h.gone is not null or not h.well or p.failing_since is not null)
                    limit 1
                    for no key update
                ) p
            ), endpoint as (
                update webhook_endpoint p
                set (failing_since, last_error, status, reason, updated_at) = (
                    select case when j.well and p.status = 'ACTIVE' and j.ends is null then null else j.failing_since end,
                           case when j.well and p.status = 'ACTIVE' and j.ends is null then null else coalesce(j.error, p.last_error) end,
                           case j.ends when 'GONE' then 'DISABLED' when 'FAILING' then 'PAUSED' else p.status end,
                           coalesce(j.ends, p.reason),
                           case when j.ends is null then p.updated_at else liveness_now() end
                    from judged j where j.id = p.id)
                where p.id = any (array(select id from judged))
            ), told as (
                insert into webhook_endpoint_event (id, caller, endpoint_id, type, at, data)
                select gen_random_uuid(), caller, id,
                       case ends when 'GONE' then 'liveness.endpoint.disabled' else 'liveness.endpoint.paused' end,
                       liveness_now(), jsonb_build_object('error', error)
                from judged where ends is not null and status <> 'DISABLED'
                returning endpoint_id, type
            )
            select endpoint_id, type from told
            """;

    private DeliverySql() {}
}
