-- The clock that decides what is due and what has ended: the database's, one for all replicas. It has a name of its own so that
-- tests can move it. Stable, so that an index can be searched by it.
create function liveness_now() returns timestamptz language sql stable parallel safe return now();

-- The schedule of looks: one narrow row for each unsettled session, gone when it settles. Claims and looks write here alone, so
-- that their cost follows what is open and never the history.
create table session_schedule (
    session_id       uuid primary key,
    status           text not null check (status in ('OPENING', 'PENDING', 'UNKNOWN')),
    attempt          integer not null,            -- of the opening, as in liveness_session
    init_at          timestamptz not null,
    token_sealed     bytea,                       -- PENDING only: what the vendor is asked with
    token_expires_at timestamptz,                 -- PENDING only: its verdict is lost then
    last_looks_from  timestamptz,                 -- PENDING only: from then on a look before that is one of the last
    next_look_at     timestamptz not null,        -- PENDING: ask the vendor then; else: nothing can be learnt after it
    lease            integer not null default 0,  -- fencing: grows with each lease
    leased_until     timestamptz,                 -- a replica deals with the session until then
    constraint pending_can_be_asked check ((status = 'PENDING') = (token_sealed is not null and token_expires_at is not null))
)
-- A row is rewritten with each look: room for that in its page, and dead versions are cleared early.
with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500,
      autovacuum_analyze_scale_factor = 0.1, autovacuum_analyze_threshold = 500);

-- Looks in the order they are due; last looks in the order they become due, and not those whose next look is after the token's
-- end; what is past its end; openings and lost fees to write off.
create index schedule_by_look on session_schedule (next_look_at) where status = 'PENDING';
create index schedule_of_last_looks on session_schedule (greatest(next_look_at, last_looks_from))
    where next_look_at < token_expires_at;
create index schedule_by_end on session_schedule (token_expires_at) where status = 'PENDING';
create index schedule_to_write_off on session_schedule (next_look_at) where status <> 'PENDING';

insert into session_schedule (session_id, status, attempt, init_at, token_sealed, token_expires_at, last_looks_from, next_look_at, lease,
                              leased_until)
select id, status, attempt, init_at, token_sealed, token_expires_at, token_expires_at - interval '5 minutes', next_look_at, lease,
       leased_until
from liveness_session
where (status = 'PENDING' and token_sealed is not null) or (status in ('OPENING', 'UNKNOWN') and next_look_at is not null);

drop index session_to_ask;
drop index session_to_give_up;
drop index session_to_write_off;

alter table liveness_session
    drop column next_look_at,
    drop column last_look,
    drop column leased_until,
    drop column lease;
