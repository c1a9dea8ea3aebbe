-- What was corrected of a fee: few rows.
drop index concurrently if exists adjustment_by_session;
create index concurrently adjustment_by_session on ledger_entry (session_id, id) where kind = 'ADJUSTMENT';

-- Reads the ledger, and holds off no reader or writer.
alter table ledger_entry validate constraint entry_of_something;
