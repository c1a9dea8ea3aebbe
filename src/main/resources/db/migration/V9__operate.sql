-- What each replica tells of itself every 15 seconds, for GET /v1/health. A row that was not written for an hour goes: until then what its
-- counters had grown by counts among the last minutes.
create table replica (
    name        text not null,
    version     text not null,
    started_at  timestamptz not null,
    seen_at     timestamptz not null,
    figures     jsonb not null,                  -- its gauges, and by how much its counters have grown
    has_stopped boolean not null default false,  -- in order: its last report
    ahead_seconds float8 not null default 0,     -- the time is so much ahead of the database's, as it says
    primary key (name, started_at)               -- a container has the same name again after a restart
);

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table replica is 'operate';
