-- pgbench runs the least that an open writes, as two statements: the intent, and what init did. The vendor's budget is
-- left out.
with new as materialized (
    select bench_uuid7() as id, clock_timestamp() as at
), stored as (
    insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url, action_style, actions,
                                  action_mutex, anti_camera_hack, title, reference, attempt, init_at, created_at, updated_at)
    select id, 'bench', id::text, sha256(uuid_send(id)), 'OPENING', 'NONE', 'https://shop.example/liveness/done', 'HEAD_AND_FACE', '',
           true, true, 'title', id::text, 1, at, at, at
    from new
    on conflict on constraint one_session_per_key do nothing
), scheduled as (
    insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at)
    select 'bench', id, 'OPENING', 1, at, at + interval '30 seconds' from new
), event as (
    insert into session_event (id, session_id, type, at) select bench_uuid7(), id, 'OPENING', at from new
)
select id from new \gset

with opened as (
    update liveness_session
    set status = 'PENDING', charge_status = 'PRE_DEDUCTED', token_expires_at = init_at + interval '2 hours',
        token_sealed = sha256('a') || sha256('b'), token_hash = sha256(id::text::bytea),
        check_url_sealed = sha256('a') || sha256('b') || sha256('c') || sha256('d'), task_no = 'bench', fee_amount = 800000,
        fee_currency = 'CNY', updated_at = clock_timestamp()
    where id = :id and attempt = 1 and status = 'OPENING'
    returning *
), scheduled as (
    update session_schedule s
    set status = 'PENDING', token_expires_at = o.token_expires_at, token_sealed = o.token_sealed,
        final_polls_from = o.token_expires_at - interval '5 minutes', next_poll_at = o.init_at + interval '1 hour'
    from opened o
    where s.session_id = o.id
), token as (
    insert into session_token (token_hash, session_id) select token_hash, id from opened
), entry as (
    insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
    select id, 'PRE_DEDUCT', task_no, 'VENDOR', fee_amount, fee_currency, updated_at, caller, cost_centre, init_at from opened
)
insert into session_event (id, session_id, type, at, detail)
select bench_uuid7(), id, 'OPENED', updated_at, '{"taskNo": "bench", "charge": "PRE_DEDUCTED"}' from opened;
