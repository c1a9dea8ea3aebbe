-- Sums of fees are read from this index alone, see docs/decisions/0041: by caller and by the time of the pre-deduction, which is when
-- init was sent. The list of one caller's charges is read from it too.
drop index concurrently if exists fee_by_caller;
create index concurrently fee_by_caller on liveness_session (caller, init_at, id)
    include (charge_status, fee_amount, fee_currency, cost_centre, verdict_code) where fee_amount is not null;

-- Corrections, by when they were recorded: few.
drop index concurrently if exists adjustment_by_time;
create index concurrently adjustment_by_time on ledger_entry (recorded_at) where kind = 'ADJUSTMENT';
