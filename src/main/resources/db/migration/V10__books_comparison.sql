-- The comparison of sessions, ledger and events: see docs/decisions/0016.

-- How far it has come: one row, whose lock is the right to do the next pass.
create table books_comparison (
    only_row     boolean primary key default true check (only_row),
    next_pass_at timestamptz not null,           -- nothing to do before
    passes       bigint not null,                -- done so far
    compared_at  timestamptz not null,           -- when the last one was

    -- What is new is read from where the last pass but one ended, so that a row which became visible late is not missed.
    entry_from   bigint not null,
    entry_to     bigint not null,
    event_from   bigint not null,
    event_to     bigint not null,

    -- Where the walks through all of history, and through all open sessions, go on.
    entry_walk   bigint not null,
    session_walk uuid not null,
    open_walk_at timestamptz not null,
    open_walk    uuid not null
)
-- The row is rewritten with each pass: room for that in its page.
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What was written before is left to the walks.
insert into books_comparison
select true, '-infinity', 0, '-infinity', entry, entry, event, event, 0, nowhere, '-infinity', nowhere
from (select coalesce((select max(id) from ledger_entry), 0) as entry,
             coalesce((select max(seq) from session_event), 0) as event,
             '00000000-0000-0000-0000-000000000000'::uuid as nowhere) start;

-- What was found and is not mended. Compared again with each pass, and gone when it is mended.
create table books_difference (
    session_id uuid not null,
    kind       text not null,
    fee_amount bigint not null,                  -- the session's fee in minor units, 0 without
    found_at   timestamptz not null,
    primary key (session_id, kind)
);

-- What moved a session, in the order of its recording. Looks without a verdict are most events and have no entry here.
create index event_of_move on session_event (seq)
    where type in ('OPENING', 'OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF');

-- Sessions without a verdict, and lost fees that have not returned, oldest first.
create index session_unended on liveness_session (init_at, id)
    where status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED';

analyze books_comparison;
analyze books_difference;
