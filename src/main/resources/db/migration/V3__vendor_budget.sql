-- How often the vendor may be called, by all replicas together: one row, whose lock puts the callers in order.
create table vendor_budget (
    only_row           boolean primary key default true check (only_row),
    full_at            timestamptz not null,     -- the bucket is full again then; each call taken puts it off by 1/rate

    promised           integer not null,         -- calls already taken from the bucket that wait for reconciling to fetch them
    promised_at        timestamptz not null,     -- from then on it may

    slow_level         integer not null,         -- reconciling is slowed down by 2^level as of slowed_at
    slowed_at          timestamptz not null,
    reconcile_full_at  timestamptz not null      -- as full_at, for the bucket of reconciling alone
)
-- The row is rewritten many times a second: room for that in its page, and dead versions are cleared early.
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into vendor_budget (full_at, promised, promised_at, slow_level, slowed_at, reconcile_full_at)
values (to_timestamp(0), 0, to_timestamp(0), 0, to_timestamp(0), to_timestamp(0));
