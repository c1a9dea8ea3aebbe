-- All books are compared each night, and what is new each minute: see docs/decisions/0016. One row, whose lock is the right to compare the
-- next range of the night. The walks of books_comparison are the previous release's.
create table books_night (
    only_row     boolean primary key default true check (only_row),
    due_at       timestamptz not null,           -- when the next night begins, or the one under way began
    session_from uuid not null,                  -- sessions up to this one are compared
    entry_from   bigint not null                 -- and ledger entries up to this one
)
-- The row is rewritten with each range: room for that in its page.
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into books_night values (true, '-infinity', '00000000-0000-0000-0000-000000000000', 0);

analyze books_night;
