-- Charges are listed by position in one index, see docs/decisions/0040: newest first by the time of the pre-deduction, which is when
-- init was sent, or by the time of the end. Those that are open are found by session_unended, those of a
-- caller by fee_by_caller.

drop index concurrently if exists charge_by_time;
create index concurrently charge_by_time on liveness_session (init_at, id) where fee_amount is not null;

drop index concurrently if exists charge_by_cost_centre;
create index concurrently charge_by_cost_centre on liveness_session (cost_centre, init_at, id)
    where fee_amount is not null and cost_centre is not null;

drop index concurrently if exists charge_by_end;
create index concurrently charge_by_end on liveness_session (charge_settled_at, id) where charge_settled_at is not null;

drop index concurrently if exists charge_by_caller_and_end;
create index concurrently charge_by_caller_and_end on liveness_session (caller, charge_settled_at, id)
    where charge_settled_at is not null;

-- Few: fees whose init or verdict was lost.
drop index concurrently if exists charge_presumed;
create index concurrently charge_presumed on liveness_session (init_at, id)
    where fee_amount is not null and verdict_code is null and status in ('UNKNOWN', 'EXPIRED');

-- What finance quotes, and a statement is matched by.
drop index concurrently if exists charge_by_task_no;
create index concurrently charge_by_task_no on ledger_entry (task_no) where kind = 'PRE_DEDUCT' and task_no is not null;
