-- :n settled fees of :days days for an export and for figures, with the rows of the ledger: of 50 callers; one in ten came back, one in ten
-- is of a check that was not passed. Half of the verdicts come within 82 seconds, all within 17 minutes.
create function bench_copy(n bigint, copies bigint, days bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(1698768000000 + n * (86400000 * days) / copies), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid
$$;
create temporary table dropped as
select indexname, indexdef from pg_indexes
where tablename in ('liveness_session', 'ledger_entry') and indexname not in (select conname from pg_constraint);
select format('drop index %I', indexname) from dropped \gexec
-- The setting switches off the ledger's triggers and the foreign keys.
set session_replication_role = replica;
insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url, action_style, actions,
                              action_mutex, anti_camera_hack, title, reference, cost_centre, task_no, fee_amount, fee_currency, attempt,
                              init_at, charge_settled_at, verdict_code, verdict_at, token_hash, face_url_sealed, created_at, updated_at)
select bench_copy(n, :n, :days), 'caller-' || n % 50, gen_random_uuid()::text, sha256(n::text::bytea),
    case n % 20 when 0 then 'FAILED' when 10 then 'EXPIRED' when 1 then 'NOT_PASSED' when 11 then 'NOT_PASSED' else 'PASSED' end,
    case when n % 10 = 0 then 'REFUNDED' else 'CHARGED' end, 'https://shop.example/liveness/done',
    case when n % 7 > 0 then 'HEAD_AND_FACE' else 'SILENT' end, '', true, true, 'title', 'order-' || n,
    case when n % 3 > 0 then 'cost-centre-' || n % 3 end, lpad(n::text, 24, '0'), 800000, 'CNY', 1, at, verdict_at,
    case n % 20 when 0 then 203 when 10 then 301 when 1 then 202 when 11 then 202 else 200 end, verdict_at, sha256(n::text::bytea), sha256('a') || sha256('b') || sha256('c') || sha256('d'), at, at
from generate_series(1, :n::bigint) n,
    lateral (select to_timestamp((1698768000000 + n * (86400000::bigint * :days) / :n) / 1000.0) as at) moment,
    lateral (select at + make_interval(secs => 20 + 1000 * (n * 7919 % 997 / 997.0::float8) ^ 4) as verdict_at) verdict;
insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
select s.id, case when nth = 1 then 'PRE_DEDUCT' when s.charge_status = 'CHARGED' then 'CHARGE' else 'REFUND' end, s.task_no,
    case when nth = 1 then 'VENDOR' else 'RULE' end, s.fee_amount, s.fee_currency,
    case when nth = 1 then s.init_at else s.charge_settled_at end, s.caller, s.cost_centre, s.init_at
from (select * from liveness_session order by init_at) s, generate_series(1, 2) nth;
reset session_replication_role;
select indexdef from dropped \gexec
-- Marks all entries as compared, so that no comparison runs beside what is measured.
update books_comparison set entry_from = last, entry_to = last from (select max(id) as last from ledger_entry) entries;
update books_night set due_at = 'infinity';
vacuum analyze;
