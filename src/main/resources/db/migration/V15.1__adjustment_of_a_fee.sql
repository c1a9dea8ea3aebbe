-- What was corrected of a fee: few rows. Its condition is not that of adjustment_by_time on purpose: with one for both the planner may walk all
-- of one index where the other has a key.
drop index concurrently if exists adjustment_by_session;
create index concurrently adjustment_by_session on ledger_entry (session_id, id)
    where kind not in ('PRE_DEDUCT', 'CHARGE', 'REFUND') and session_id is not null;

-- Reads the ledger, and holds off no reader or writer.
alter table ledger_entry validate constraint entry_of_something;
