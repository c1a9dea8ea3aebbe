-- pgbench runs the least that a settle writes, as two statements: the lease, and the verdict of a check that passed.
with due as (
    select session_id from session_schedule where status = 'PENDING' order by next_poll_at limit 1 for no key update skip locked
)
update session_schedule s
set lease = s.lease + 1, leased_until = now() + interval '40 seconds', next_poll_at = now() + interval '40 seconds'
from due where s.session_id = due.session_id
returning s.session_id as id \gset

with settled as (
    update liveness_session
    set status = 'PASSED', charge_status = 'CHARGED', charge_settled_at = clock_timestamp(), verdict_code = 200,
        verdict_message = '活体检测通过', verdict_at = clock_timestamp(), face_url_sealed = token_sealed, token_sealed = null,
        check_url_sealed = null, updated_at = clock_timestamp()
    where id = :id and status = 'PENDING'
    returning *
), unscheduled as (
    delete from session_schedule l using settled where l.session_id = settled.id
), ended as (
    insert into session_end (caller, status, session_id, unhashed_since, face_since)
    select caller, status, id, charge_settled_at, verdict_at from settled
), entry as (
    insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
    select id, 'CHARGE', task_no, 'RULE', fee_amount, fee_currency, updated_at from settled
)
insert into session_event (id, session_id, type, at, detail, caller)
select bench_uuid7(), id, 'CHECKED', updated_at, '{"code": 200, "polls": 1, "taskNo": "bench"}'::jsonb, null from settled
union all
select bench_uuid7(), id, 'SETTLED', updated_at, '{"status": "PASSED", "charge": "CHARGED"}', caller from settled;
