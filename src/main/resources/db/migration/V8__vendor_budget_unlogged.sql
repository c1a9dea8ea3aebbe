-- How often the vendor may be called, by all replicas together: one row, whose lock puts the callers in order.
-- Unlogged: nothing waits for a flush of the log under that lock. After a crash of the database, and on a promoted standby, the
-- table is empty, and the service makes the row anew.
drop table vendor_budget;

create unlogged table vendor_budget (
    only_row       boolean primary key default true check (only_row),
    full_at        timestamptz not null,     -- the bucket is full again then; each call taken puts it off by 1/rate
    opens_full_at  timestamptz not null,     -- the same for opens alone, of which each takes two: its init and one last look
    looks_full_at  timestamptz not null,     -- the same for looks before the last ones, at the pace that the vendor bears
    slow_level     integer not null,         -- that pace is the rate divided by 2^level as of slowed_at
    slowed_at      timestamptz not null
)
-- The row is rewritten many times a second: room for that in its page, and dead versions are cleared early.
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into vendor_budget (full_at, opens_full_at, looks_full_at, slow_level, slowed_at)
values (to_timestamp(0), to_timestamp(0), to_timestamp(0), 0, to_timestamp(0));

analyze vendor_budget;
