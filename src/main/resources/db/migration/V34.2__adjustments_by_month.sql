-- Adjustments by the time at which they count.
drop index concurrently if exists adjustment_by_month;
create index concurrently adjustment_by_month on ledger_entry (coalesce(counted_at, recorded_at), id) where kind = 'ADJUSTMENT';
