package io.liveness.gateway.notify;

import jakarta.inject.Singleton;

/**
 * The part of the events in a statement that moves a session: the deliveries are written in the same statement as the move, so that both
 * exist or none. A caller without an endpoint costs one look-up in a small index.
 */
@Singleton
public class Outbox {

    private volatile Runnable delivery = () -> {};

    /**
     * An insert to stand as a part of a {@code with} query; it returns a row for each delivery. A delivery that exists is left as it is, so
     * that none can keep a verdict from being recorded.
     *
     * @param events name of a part of the same query with the columns {@code event_id, seq, caller, session_id, kind, at, data}, one
     *     row for each event: {@code kind} is the {@code type} that callers are told, {@code data} has the session's {@code status} and
     *     {@code charge}, as far as the kind has them
     */
    public static String deliveriesFrom(String events) {
        return deliveriesFrom(events, "true");
    }

    /** @param to which endpoints {@code p} of the caller an event {@code e} goes to */
    public static String deliveriesFrom(String events, String to) {
        return """
                insert into webhook_delivery (endpoint_id, event_id, seq, session_id, type, at, data, next_attempt_at)
                select p.id, e.event_id, e.seq, e.session_id, e.kind, e.at, e.data, liveness_now()
                from %s e cross join lateral (
                    select p.id from webhook_endpoint p
                    where p.caller = e.caller and p.status <> 'DISABLED'
                      and (p.event_types is null or e.kind = any (p.event_types)) and %s
                    limit 1000
                ) p
                on conflict (endpoint_id, event_id) do nothing
                returning event_id
                """.formatted(events, to);
    }

    /**
     * Updates to stand as parts of a {@code with} query: what receivers have answered is forgotten of all deliveries of sessions. They are locked
     * in the order of their ids.
     *
     * @param sessions name of a part of the same query with the column {@code id}
     */
    public static String answersForgottenOf(String sessions) {
        return """
                answered as (
                    select d.id
                    from %s s
                    cross join lateral (
                        select id, caller from event_log where session_id = s.id and caller is not null limit 100) e
                    cross join lateral (select id from webhook_endpoint where caller = e.caller limit 1000) p
                    cross join lateral (
                        select id from webhook_delivery
                        where endpoint_id = p.id and event_id = e.id and jsonb_path_exists(attempts, '$[*].answer')
                        limit 1) d
                ), answers_locked as (
                    select id from webhook_delivery where id = any (array(select id from answered)) order by id
                    for no key update
                ), answers_forgotten as (
                    update webhook_delivery d set attempts = without_answers(d.attempts)
                    where d.id = any (array(select id from answers_locked))
                )""".formatted(sessions);
    }

    /** Deliveries were written: this replica begins them now. Another one, or a lost call, begins them with its next tick. */
    public void filled() {
        delivery.run();
    }

    /** @param delivery begins what is due; must not wait */
    public void onFilled(Runnable delivery) {
        this.delivery = delivery;
    }
}
