-- :n settled sessions of two years, with their events and ledger rows: copies of the one that open.sql has made, settled here.
update liveness_session
set status = 'PASSED', charge_status = 'CHARGED', charge_settled_at = now(), verdict_code = 200, verdict_message = '活体检测通过',
    verdict_at = now(), face_url_sealed = token_sealed, token_sealed = null, check_url_sealed = null;
delete from session_schedule;
insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
select session_id, 'CHARGE', task_no, 'RULE', amount, currency, now() from ledger_entry;
insert into session_event (id, session_id, type, at, detail)
select bench_uuid7(), id, type, now(), detail::jsonb from liveness_session, (values
    ('CHECKED', '{"code": 200, "taskNo": "bench"}'),
    ('SETTLED', '{"status": "PASSED", "charge": "CHARGED"}')) event (type, detail);

create function bench_copy(n bigint, copies bigint, kind integer) returns uuid language sql immutable as $$
    select (lpad(to_hex(1700000000000 + n * 63000000000 / copies), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8000'
            || lpad(to_hex(n), 12, '0'))::uuid
$$;
create temporary table dropped as
select indexname, indexdef from pg_indexes
where tablename in ('liveness_session', 'session_event', 'ledger_entry') and indexname not in (select conname from pg_constraint);
select format('drop index %I', indexname) from dropped \gexec
-- Neither the ledger's triggers nor foreign keys are asked.
set session_replication_role = replica;
insert into liveness_session
select c.* from liveness_session s, generate_series(1, :n) n, jsonb_populate_record(s, jsonb_build_object('id', bench_copy(n, :n, 0),
    'caller', 'caller-' || n % 50, 'idempotency_key', n, 'reference', n, 'token_hash', sha256(n::text::bytea))) c;
insert into session_event overriding user value
select c.* from generate_series(1, :n) n, session_event e, jsonb_populate_record(e, jsonb_build_object('id', bench_copy(n, :n, e.seq::int),
    'session_id', bench_copy(n, :n, 0))) c;
insert into ledger_entry overriding user value
select c.* from generate_series(1, :n) n, ledger_entry e, jsonb_populate_record(e, jsonb_build_object('session_id', bench_copy(n, :n, 0))) c;
reset session_replication_role;
select indexdef from dropped \gexec
vacuum analyze;
