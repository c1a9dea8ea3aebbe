package io.liveness.gateway.notification.delivery;

/**
 * The statements of deliveries. They read and write what is open, and move what has ended to the history. Spans of time are parameters in
 * milliseconds.
 */
public final class DeliverySql {

    /**
     * Leases due deliveries of active endpoints, of each endpoint no more than it has room for, those first that have been due longest. A
     * delivery waits for earlier ones of the same session. $1 length of the lease, $2 how many of an endpoint at once, $3 endpoints with
     * deliveries under way at this replica, $4 how many each has, $5 how many in all. An endpoint that has
     * only failed for a minute has one at once.
     */
    public static final String LEASE = """
            with endpoint as materialized (
                select p.id, p.url, p.secret_sealed,
                       case when p.old_secret_until > liveness_now() then p.old_secret_sealed end as old_secret_sealed,
                       greatest(case when p.failing_since < liveness_now() - interval '1 minute' then 1 else $2::int end
                                - coalesce(b.busy, 0), 0) as room
                from webhook_endpoint p left join unnest($3::uuid[], $4::int[]) as b (id, busy) on b.id = p.id
                where p.status = 'ACTIVE'
            ), due as materialized (
                select p.id as endpoint_id, o.event_id
                from endpoint p cross join lateral (
                    select o.event_id, o.next_attempt_at
                    from webhook_outbox o
                    where o.endpoint_id = p.id and o.next_attempt_at <= liveness_now()
                      and not exists (
                          select from webhook_outbox earlier
                          where earlier.endpoint_id = o.endpoint_id and earlier.session_id = o.session_id
                            and earlier.seq < o.seq)
                    order by o.next_attempt_at
                    limit p.room
                    for no key update of o skip locked
                ) o
                order by o.next_attempt_at
                limit $5
            ), leased as (
                update webhook_outbox o
                set lease = o.lease + 1, next_attempt_at = liveness_now() + $1::float8 * interval '1 millisecond'
                from due
                where o.endpoint_id = due.endpoint_id and o.event_id = due.event_id
                returning o.*
            )
            select l.endpoint_id, l.event_id, l.type, l.at, l.session_id, l.data, l.attempt, l.lease,
                   p.url, p.secret_sealed, p.old_secret_sealed,
                   (select s.reference from liveness_session s where s.id = l.session_id) as reference
            from leased l join endpoint p on p.id = l.endpoint_id
            """;

    /**
     * Records attempts: $1 endpoints, $2 events, $3 leases, $4 results, $5 pauses before the next attempt, $6 what the attempts' lists get
     * in addition, $7 what went wrong, $8 how long an endpoint may fail before it is paused. A success counts whoever holds the
     * lease. Returns the endpoints that were paused or disabled.
     */
    public static final String RECORD = """
            with made as (
                select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::float8[], $6::jsonb[], $7::text[])
                    as m (endpoint_id, event_id, lease, result, pause, attempt, error)
            ), own as materialized (
                select m.result, m.pause, m.error, o.endpoint_id, o.event_id, o.seq, o.session_id, o.type, o.at, o.data,
                       case when jsonb_array_length(o.attempts) >= 30 then o.attempts - 0 else o.attempts end || m.attempt as attempts
                from made m join webhook_outbox o on o.endpoint_id = m.endpoint_id and o.event_id = m.event_id
                where o.lease = m.lease or m.result = 'DELIVERED'
                order by o.endpoint_id, o.event_id
                for no key update of o
            ), removed as (
                delete from webhook_outbox o using own
                where o.endpoint_id = own.endpoint_id and o.event_id = own.event_id and own.result <> 'RETRY'
            ), ended as (
                insert into webhook_delivery (endpoint_id, event_id, seq, session_id, type, at, data, attempts, status, ended_at)
                select endpoint_id, event_id, seq, session_id, type, at, data, attempts,
                       case result when 'DELIVERED' then 'DELIVERED' else 'FAILED' end, liveness_now()
                from own where result <> 'RETRY'
            ), again as (
                update webhook_outbox o
                set attempts = own.attempts, attempt = o.attempt + 1,
                    next_attempt_at = liveness_now() + own.pause * interval '1 millisecond'
                from own
                where o.endpoint_id = own.endpoint_id and o.event_id = own.event_id and own.result = 'RETRY'
            ), health as (
                select endpoint_id, bool_or(result = 'DELIVERED') as well, bool_or(result = 'GONE') as gone, max(error) as error
                from own group by endpoint_id
            ), judged as materialized (
                select p.id, p.caller, p.status, h.well, h.error, coalesce(p.failing_since, liveness_now()) as failing_since,
                       case when h.gone then 'GONE'
                            when p.status = 'ACTIVE' and not h.well
                                 and p.failing_since <= liveness_now() - $8::float8 * interval '1 millisecond' then 'FAILING'
                       end as ends
                from health h join webhook_endpoint p on p.id = h.endpoint_id
                where h.gone or not h.well or p.failing_since is not null
                order by p.id
                for no key update of p
            ), endpoint as (
                update webhook_endpoint p
                set failing_since = case when j.well and j.ends is null then null else j.failing_since end,
                    last_error = case when j.well and j.ends is null then null else j.error end,
                    status = case j.ends when 'GONE' then 'DISABLED' when 'FAILING' then 'PAUSED' else p.status end,
                    reason = coalesce(j.ends, p.reason),
                    updated_at = case when j.ends is null then p.updated_at else liveness_now() end
                from judged j
                where p.id = j.id
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
