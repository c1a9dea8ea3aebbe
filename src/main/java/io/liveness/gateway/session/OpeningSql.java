package io.liveness.gateway.session;

import io.liveness.gateway.billing.Ledger;

/**
 * The moves out of {@code OPENING}, each one statement: session, schedule, pre-deduction and event together. $1 is the session;
 * $2 of a move is the attempt that must still be open.
 */
final class OpeningSql {

    /** Answers the session as it is now. */
    static final String ACCEPTED = """
            with opened as (
                update liveness_session
                set status = 'PENDING', charge_status = $3, init_at = $4, token_expires_at = $5, token_sealed = $6,
                    token_hash = $7, check_url_sealed = $8, task_no = $9, fee_amount = $10, fee_currency = $11, updated_at = $13
                where id = $1 and attempt = $2 and status = 'OPENING'
                returning *
            ), scheduled as (
                update session_schedule
                set status = 'PENDING', init_at = $4, token_expires_at = $5, token_sealed = $6, last_looks_from = $17,
                    next_look_at = $12
                where session_id = (select id from opened)
            ), movement as (
                select id as session_id, 'PRE_DEDUCT' as kind, task_no, $14::text as basis, fee_amount as amount,
                       fee_currency as currency, $13::timestamptz as recorded_at
                from opened where charge_status = 'PRE_DEDUCTED'
            ), entry as (
                %s
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select $15, id, 'OPENED', $13, $16 from opened
            )
            select %s from opened
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
     * Many at once: $1 sessions, $2 attempts, $3 events of the intents that are taken back, $4 events that tell of it, $5 now, $6
     * their detail. The event of an intent tells it from another one of the same attempt, which another replica may have
     * stored, and for which it may have sent init. Answers those of $4 that tell of an intent taken back. With a plain comparison of the
     * status PostgreSQL might join all sessions that are open by their partial index.
     */
    static final String NEVER_SENT = """
            with failed as materialized (
                select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[]) as f (session_id, attempt, intent, event_id)
            ), refused as (
                update liveness_session s
                set status = 'REJECTED', refusal_passing = true, updated_at = $5
                from failed f
                where s.id = f.session_id and s.attempt = f.attempt and s.status || '' = 'OPENING'
                  and (select true from session_event e where e.id = f.intent and e.session_id = f.session_id limit 1)
                returning s.id, f.event_id
            ), unscheduled as (
                delete from session_schedule where session_id in (select id from refused)
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select event_id, id, 'REJECTED', $5, $6 from refused
            )
            select event_id, %s as told from refused
            """.formatted(SettledSignals.notify("id"));

    static final String UNKNOWN = """
            with lost as (
                update liveness_session
                set status = 'UNKNOWN', charge_status = 'UNCONFIRMED', task_no = $3, fee_amount = $4, fee_currency = $5,
                    updated_at = $7
                where id = $1 and attempt = $2 and status = 'OPENING'
                returning *
            ), scheduled as (
                update session_schedule
                set status = 'UNKNOWN', leased_until = null, next_look_at = init_at + $6::float8 * interval '1 millisecond'
                where session_id = (select id from lost)
            ), movement as (
                select id as session_id, 'PRE_DEDUCT' as kind, task_no, $8::text as basis, fee_amount as amount,
                       fee_currency as currency, $7::timestamptz as recorded_at
                from lost
            ), entry as (
                %s
            )
            insert into session_event (id, session_id, type, at, detail)
            select $9, id, 'OUTCOME_UNKNOWN', $7, $10 from lost
            returning %s
            """.formatted(Ledger.entriesFrom("movement"), SettledSignals.notify("session_id"));

    static final String WAS_RECORDED = """
            select 1 from session_event where session_id = $1 and id = $2
            """;

    static final String CONTRADICTED = """
            insert into session_event (id, session_id, type, at, detail) values ($2, $1, 'CONTRADICTED', $3, $4)
            """;

    private OpeningSql() {}
}
