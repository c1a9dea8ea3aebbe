package io.liveness.gateway.session.opening;

import io.liveness.gateway.billing.Ledger;
import io.liveness.gateway.events.EventKind;
import io.liveness.gateway.events.Outbox;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.waiting.SettledSignals;

/**
 * The moves out of {@code OPENING}, each one statement: session, schedule, pre-deduction and event together. $1 is the session;
 * $2 of a move is the attempt that must still be open.
 */
final class OpeningSql {

    /**
     * Many at once, in the order of their ids, so that two of these with the same sessions wait for each other in one direction: $1
     * sessions, $2 attempts, then the outcome of init and what follows from it, $14 the ids of events, $17 now. Returns the sessions as
     * they are now, and the event of each. The status is compared as in {@link #NEVER_SENT}. The length of one array is hidden from the
     * planner, so that its estimate is never below the ten rows of a plan for any values, and that plan is kept.
     */
    static final String ACCEPTED = """
            with accepted as materialized (
                select * from unnest((select $1::uuid[]), $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bytea[],
                                     $7::bytea[], $8::bytea[], $9::text[], $10::int8[], $11::text[], $12::timestamptz[],
                                     $13::timestamptz[], $14::uuid[], $15::text[], $16::jsonb[])
                    as a (session_id, attempt, charge_status, sent_at, expires_at, token, hash, check_url, vendor_no, fee,
                          currency, next_look_at, last_looks_from, event_id, basis, detail)
                order by session_id
            ), opened as (
                update liveness_session s
                set status = 'PENDING', charge_status = a.charge_status, init_at = a.sent_at, token_expires_at = a.expires_at,
                    token_sealed = a.token, token_hash = a.hash, check_url_sealed = a.check_url,
                    task_no = a.vendor_no, fee_amount = a.fee / 10000, fee_fraction = coalesce(a.fee %% 10000, 0),
                    fee_currency = a.currency, updated_at = $17
                from accepted a
                where s.id = a.session_id and s.attempt = a.attempt and s.status || '' = 'OPENING'
                returning s.*, a.next_look_at, a.last_looks_from, a.event_id, a.basis, a.detail
            ), scheduled as (
                update session_schedule l
                set status = 'PENDING', init_at = o.init_at, token_expires_at = o.token_expires_at,
                    token_sealed = o.token_sealed, last_looks_from = o.last_looks_from, next_look_at = o.next_look_at
                from opened o
                where l.session_id = o.id
            ), movement as (
                select id as session_id, 'PRE_DEDUCT' as kind, task_no, basis, fee_amount as amount, fee_fraction as fraction,
                       fee_currency as currency, updated_at as recorded_at
                from opened where charge_status = 'PRE_DEDUCTED'
            ), entry as (
                %s
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select event_id, id, 'OPENED', updated_at, detail from opened
            )
            select %s, event_id from opened
            """.formatted(Ledger.entriesFrom("movement"), SessionRow.COLUMNS);

    static final String REFUSED = """
            with refused as (
                update liveness_session
                set status = 'REJECTED', refusal_code = $3, refusal_passing = $4, task_no = $5, updated_at = $6
                where id = $1 and attempt = $2 and status = 'OPENING'
                returning id
            ), unscheduled as (
                delete from session_schedule where session_id = (select id from refused)
            )
            insert into session_event (id, session_id, type, at, detail)
            select $7, id, 'REJECTED', $6, $8 from refused
            returning %s
            """.formatted(SettledSignals.notify("session_id"));

    /**
     * Many at once: $1 sessions, $2 attempts, $3 events of the intents that are taken back, $4 ids of the new events, $5 now, $6 their
     * detail. The event distinguishes an intent from another of the same attempt that another replica may have stored and sent. Returns
     * those of $4 whose intent was taken back, one row without one when there is none; and in each row the number of this transaction and that
     * below which all transactions have ended. With a plain comparison of the status PostgreSQL might join all sessions that are open by
     * their partial index, and without the array all there are, where they are few.
     */
    static final String NEVER_SENT = """
            with failed as materialized (
                select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[]) as f (session_id, attempt, intent, event_id)
            ), refused as (
                update liveness_session s
                set status = 'REJECTED', refusal_passing = true, updated_at = $5
                from failed f
                where s.id = any (array(select session_id from failed)) and s.id = f.session_id
                  and s.attempt = f.attempt and s.status || '' = 'OPENING'
                  and (select true from session_event e where e.id = f.intent and e.session_id = f.session_id limit 1)
                returning s.id, f.event_id
            ), unscheduled as (
                delete from session_schedule where session_id in (select id from refused)
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select event_id, id, 'REJECTED', $5, $6 from refused
            )
            select refused.event_id, case when refused.id is not null then %s end as told, this.number, this.ended_below
            from (
                select pg_current_xact_id()::text::bigint as number,
                       pg_snapshot_xmin(pg_current_snapshot())::text::bigint as ended_below
            ) this left join refused on true
            """.formatted(SettledSignals.notify("id"));

    static final String UNKNOWN = """
            with lost as (
                update liveness_session
                set status = 'UNKNOWN', charge_status = 'UNCONFIRMED', task_no = $3, fee_amount = $4::bigint / 10000,
                    fee_fraction = $4::bigint %% 10000, fee_currency = $5, updated_at = $7
                where id = $1 and attempt = $2 and status = 'OPENING'
                returning *
            ), scheduled as (
                update session_schedule
                set status = 'UNKNOWN', leased_until = null, next_look_at = init_at + $6::float8 * interval '1 millisecond'
                where session_id = (select id from lost)
            ), movement as (
                select id as session_id, 'PRE_DEDUCT' as kind, task_no, $8::text as basis, fee_amount as amount,
                       fee_fraction as fraction, fee_currency as currency, $7::timestamptz as recorded_at
                from lost
            ), entry as (
                %s
            ), event as (
                insert into session_event (id, session_id, type, at, detail, caller)
                select $9, id, 'OUTCOME_UNKNOWN', $7, $10, caller from lost
                returning *
            ), told as (
                select id as event_id, seq, caller, session_id, '%s' as kind, at,
                       jsonb_build_object('status', 'UNKNOWN', 'charge', 'UNCONFIRMED') as data
                from event
            ), delivery as (
                %s
            )
            select %s from event
            """.formatted(
                    Ledger.entriesFrom("movement"),
                    EventKind.SESSION_UNKNOWN.type(),
                    Outbox.deliveriesFrom("told"),
                    SettledSignals.notify("session_id"));

    static final String WAS_RECORDED = """
            select 1 from session_event where session_id = $1 and id = $2
            """;

    static final String CONTRADICTED = """
            insert into session_event (id, session_id, type, at, detail) values ($2, $1, 'CONTRADICTED', $3, $4)
            """;

    private OpeningSql() {}
}
