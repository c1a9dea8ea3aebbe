-- :n settled sessions of two years, with their events and ledger rows: copies of the one that open.sql has made, settled here. They have
-- passed at the first poll, or are abandoned when :abandoned is set.
\if :{?abandoned}
    \set code 301
    \set polls 31
\else
    \set code 200
    \set polls 1
\endif
update liveness_session
set status = case :code when 200 then 'PASSED' else 'EXPIRED' end, charge_status = case :code when 200 then 'CHARGED' else 'REFUNDED' end,
    charge_settled_at = now(), verdict_code = :code, verdict_message = case :code when 200 then '活体检测通过' else 'token已过期' end,
    verdict_at = now(), face_url_sealed = case :code when 200 then token_sealed end, token_sealed = null, check_url_sealed = null;
delete from session_schedule;
insert into session_end (caller, status, session_id, unhashed_since, face_since)
select caller, status, id, charge_settled_at, case when face_url_sealed is not null then verdict_at end from liveness_session;
insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
select session_id, case :code when 200 then 'CHARGE' else 'REFUND' end, task_no, 'RULE', amount, currency, now() from ledger_entry;
insert into session_event (id, session_id, type, at, detail)
select bench_uuid7(), id, 'CHECKED', now(),
       jsonb_build_object('code', verdict_code, 'polls', :polls, 'taskNo', 'bench', 'firstPollAt', now())
from liveness_session;
insert into session_event (id, session_id, type, at, detail, caller)
select bench_uuid7(), id, 'SETTLED', now(), jsonb_build_object('status', status, 'charge', charge_status), caller from liveness_session;

create function bench_copy(n bigint, copies bigint, kind integer) returns uuid language sql immutable as $$
    select (lpad(to_hex(1700000000000 + n * 63000000000 / copies), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8000'
            || lpad(to_hex(n), 12, '0'))::uuid
$$;
create temporary table dropped as
select indexname, indexdef from pg_indexes
where tablename in ('liveness_session', 'session_end', 'session_token', 'session_event', 'ledger_entry') and indexname not in (select conname from pg_constraint);
select format('drop index %I', indexname) from dropped \gexec
-- The setting switches off the ledger's triggers and the foreign keys.
set session_replication_role = replica;
insert into liveness_session
select c.* from liveness_session s, generate_series(1, :n) n, jsonb_populate_record(s, jsonb_build_object('id', bench_copy(n, :n, 0),
    'caller', 'caller-' || n % 50, 'idempotency_key', n, 'reference', n, 'token_hash', sha256(n::text::bytea))) c;
insert into session_end
select 'caller-' || n % 50, status, bench_copy(n, :n, 0), unhashed_since, face_since from session_end, generate_series(1, :n) n;
insert into session_token select sha256(n::text::bytea), bench_copy(n, :n, 0) from generate_series(1, :n) n;
insert into session_event overriding user value
select c.* from generate_series(1, :n) n, session_event e, jsonb_populate_record(e, jsonb_build_object('id', bench_copy(n, :n, e.seq::int),
    'session_id', bench_copy(n, :n, 0))) c;
insert into ledger_entry overriding user value
select c.* from generate_series(1, :n) n, ledger_entry e, jsonb_populate_record(e, jsonb_build_object('session_id', bench_copy(n, :n, 0),
    'caller', 'caller-' || n % 50)) c;
reset session_replication_role;
select indexdef from dropped \gexec
vacuum analyze;
