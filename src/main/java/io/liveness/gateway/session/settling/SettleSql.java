package io.liveness.gateway.session.settling;

import io.liveness.gateway.billing.Ledger;
import io.liveness.gateway.events.EventKind;
import io.liveness.gateway.events.Outbox;
import io.liveness.gateway.session.waiting.SettledSignals;

/** The statement that settles. */
final class SettleSql {

    /**
     * Settlements by columns: $1 sessions, $2 the status each must still have, $3 the new one, $4 the end of an open fee, $5 its basis, $6 to $8
     * the verdict, $9 the sealed address of the face image, $10 the lease that must still be held, $11 and $12 ids of events, $13 now, $14 what
     * the vendor's flag says of the fee. Answers a row for each session.
     */
    static final String SETTLE = """
            with settlement as (
                select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[],
                                     $8::text[], $9::bytea[], $10::int[], $11::uuid[], $12::uuid[], $14::bool[])
                    as e (id, from_status, to_status, fee_end, basis, code, message, result_task_no, face_url, fence,
                          first_event_id, second_event_id, billed)
            ), leased as materialized (
                select l.session_id, l.lease
                from settlement e join session_schedule l on l.session_id = e.id
                order by l.session_id
                for update of l
            ), found as materialized (
                select e.*, s.status, s.charge_status, s.verdict_code, l.polls, l.first_poll_at, l.last_poll_at, l.last_poll_code,
                       -- The books follow the rule: 200 and 202 are charged, unless init took no fee.
                       case when e.billed <> (e.fee_end = 'CHARGED' and s.charge_status <> 'NONE') then e.billed end as against_rule,
                       s.status = e.from_status
                           and (e.fence is null or e.fence = (select lease from leased l where l.session_id = e.id)) as moves
                from settlement e join liveness_session s on s.id = e.id left join session_schedule l on l.session_id = e.id
                order by s.id
                for no key update of s
            ), settled as (
                update liveness_session s
                set status = f.to_status,
                    charge_status = case when f.charge_status in ('PRE_DEDUCTED', 'UNCONFIRMED') then f.fee_end
                                         else f.charge_status end,
                    -- Not long before it is recorded, however long that was tried: sums that have passed that time do not see it.
                    charge_settled_at = case when f.charge_status in ('PRE_DEDUCTED', 'UNCONFIRMED')
                                             then greatest($13::timestamptz, liveness_now() - interval '2 minutes') end,
                    verdict_code = f.code, verdict_message = f.message,
                    verdict_at = case when f.code is not null then $13::timestamptz end,
                    face_url_sealed = f.face_url, token_sealed = null, check_url_sealed = null, updated_at = $13
                from found f
                where f.id = s.id and f.moves
                returning s.id, s.caller, s.status, s.charge_status, s.task_no, s.fee_amount, s.fee_fraction,
                          s.fee_currency, f.charge_status as fee_was, f.basis, f.code, f.second_event_id
            ), unscheduled as (
                delete from session_schedule l using settled where l.session_id = settled.id
            ), movement as (
                select id as session_id, case charge_status when 'CHARGED' then 'CHARGE' else 'REFUND' end as kind, task_no,
                       basis, fee_amount as amount, fee_fraction as fraction, fee_currency as currency,
                       $13::timestamptz as recorded_at
                from settled where fee_was in ('PRE_DEDUCTED', 'UNCONFIRMED')
            ), entry as (
                %s
            ), happened as (
                select 1 as nth, first_event_id as event_id, id, 'CHECKED' as type, $13::timestamptz as at, null as told,
                       jsonb_strip_nulls(jsonb_build_object(
                           'code', code, 'taskNo', result_task_no, 'billed', against_rule,
                           'polls', case when moves then polls + 1 end,
                           'firstPollAt', case when moves then coalesce(first_poll_at, $13) end)) as detail
                from found where code is not null and code is distinct from verdict_code
                union all
                select 1, first_event_id, id, 'CHECKED', last_poll_at, null,
                       jsonb_strip_nulls(jsonb_build_object('code', last_poll_code, 'polls', polls, 'firstPollAt', first_poll_at))
                from found where code is null and moves and polls > 0
                union all
                select 2, second_event_id, id, case when code is null then 'WRITTEN_OFF' else 'SETTLED' end, $13, caller,
                       jsonb_build_object('status', status, 'charge', charge_status)
                from settled
                union all
                select 2, second_event_id, id, 'CONTRADICTED', $13, null, jsonb_build_object('code', code, 'recorded', status)
                from found where not moves and code is distinct from verdict_code and code is not null
            ), event as (
                insert into session_event (id, session_id, type, at, detail, caller)
                select event_id, id, type, at, detail, told from happened order by nth
                on conflict (id) do nothing
                returning id, session_id, at, detail, caller, seq
            ), told as (
                select id as event_id, seq, caller, session_id, '%s' as kind, at, detail as data
                from event where caller is not null
            ), delivery as (
                %s
            )
            select id, to_status, moves, moves and code is null and status = 'PENDING' as lost,
                   moves and against_rule is not null as against_rule,
                   not moves and code is not null and code is distinct from verdict_code as contradicts,
                   case when moves then %s end as told, exists (select from delivery) as to_deliver
            from found
            """.formatted(
                    Ledger.entriesFrom("movement"),
                    EventKind.SESSION_SETTLED.type(),
                    Outbox.deliveriesFrom("told"),
                    SettledSignals.notify("id"));

    private SettleSql() {}
}
