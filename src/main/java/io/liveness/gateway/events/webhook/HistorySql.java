package io.liveness.gateway.events.webhook;

/** The statements of the history. $1 is the endpoint. */
final class HistorySql {

    private static final String PENDING =
            "event_id, session_id, type, at, 'PENDING' as status, attempts, next_attempt_at, null::timestamptz as ended_at";
    private static final String ENDED =
            "event_id, session_id, type, at, status, attempts, null::timestamptz as next_attempt_at, ended_at";

    private static final String OF_OUTBOX = """
            select %s from webhook_outbox
            where endpoint_id = $1 and event_id >= $2 and event_id < $3
            order by endpoint_id desc, event_id desc limit $4
            """.formatted(PENDING);

    private static final String OF_HISTORY = """
            select %s from webhook_delivery
            where endpoint_id = $1 and event_id >= $2 and event_id < $3
            order by endpoint_id desc, event_id desc limit $4
            """.formatted(ENDED);

    /** $2 from which event, $3 before which, $4 how many. */
    static final String LIST = "select * from ((%s) union all (%s)) every order by event_id desc limit $4"
            .formatted(OF_OUTBOX, OF_HISTORY);

    static final String LIST_PENDING = OF_OUTBOX;

    /** $5 the status. */
    static final String LIST_ENDED = """
            select %s from webhook_delivery
            where endpoint_id = $1 and event_id >= $2 and event_id < $3 and status = $5
            order by endpoint_id desc, status desc, event_id desc limit $4
            """.formatted(ENDED);

    /** $2 the event. */
    static final String GET = """
            select %s from webhook_outbox where endpoint_id = $1 and event_id = $2
            union all
            select %s from webhook_delivery where endpoint_id = $1 and event_id = $2
            """.formatted(PENDING, ENDED);

    /** $2 the event. Due now; one that is under way may come twice. */
    static final String REPLAY = """
            with ended as (
                delete from webhook_delivery where endpoint_id = $1 and event_id = $2 returning *
            ), again as (
                insert into webhook_outbox (endpoint_id, event_id, seq, session_id, type, at, data, attempts, next_attempt_at)
                select endpoint_id, event_id, seq, session_id, type, at, data, attempts, liveness_now() from ended
                returning *
            ), earlier as (
                update webhook_outbox set next_attempt_at = liveness_now(), attempt = 0, lease = lease + 1
                where endpoint_id = $1 and event_id = $2
                returning *
            )
            select %1$s from again union all select %1$s from earlier
            """.formatted(PENDING);

    /** $2 the event, $3 its type, $4 its time. */
    static final String TEST = """
            insert into webhook_outbox (endpoint_id, event_id, seq, type, at, data, next_attempt_at)
            values ($1, $2, nextval('session_event_seq_seq'), $3, $4, '{}', liveness_now())
            returning %s
            """.formatted(PENDING);

    private HistorySql() {}
}
