-- Sums of fees are read from this index alone: with fractions too. The one before serves until this one is there.
drop index concurrently if exists fee_by_caller_and_fraction;
create index concurrently fee_by_caller_and_fraction on liveness_session (caller, init_at, id)
    include (charge_status, fee_amount, fee_fraction, fee_currency, cost_centre, verdict_code) where fee_amount is not null;
drop index concurrently if exists fee_by_caller;
alter index fee_by_caller_and_fraction rename to fee_by_caller;

-- Reads the tables, and holds off no reader or writer.
alter table liveness_session validate constraint fee_fraction_is_below_one;
alter table ledger_entry validate constraint fraction_is_below_one;
