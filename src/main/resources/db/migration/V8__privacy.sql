-- What it takes to erase the data of a person, and to replace keys. The columns of a session are in V2.

-- Views of face images, in one order with the events of sessions. A separate table: there may be any number of them.
create table face_view (
    id         uuid primary key default new_id(),    -- UUIDv7
    seq        bigint not null default nextval('session_event_seq_seq'),
    session_id uuid not null,
    at         timestamptz not null,
    viewed_by  text not null                         -- the caller, with the person after a slash for a session of the console
);

create index face_view_by_session on face_view (session_id, seq);

-- A caller has the data of a person erased by reference, over all of its sessions. A record has no reference, and it has no end: after a
-- restore from a backup it tells what must stay erased.
create table erasure (
    id           uuid primary key,                   -- UUIDv7
    caller       text not null,
    key_hash     bytea,                              -- keyed hash of caller and idempotency key; null in a record that was repeated
    request_hash bytea,                              -- keyed hash of the same and the reference
    requested_at timestamptz not null,
    requested_by text not null,                      -- the caller, or the operator that repeated the record
    begun_at     timestamptz not null,               -- when it was requested or repeated
    next_run_at  timestamptz not null,               -- while it runs: when a replica looks at it again
    finished_at  timestamptz,                        -- null while it runs
    constraint erasure_hashes_together check ((key_hash is null) = (request_hash is null))
);

create unique index one_erasure_per_key on erasure (caller, key_hash);
create index erasure_by_caller on erasure (caller, id);
create index erasure_running on erasure (next_run_at) where finished_at is null;

-- The sessions of an erasure, listed when it is requested. Without a foreign key: a restored database may lack a session of a record.
create table erasure_session (
    erasure_id uuid not null constraint session_of_an_erasure references erasure (id),
    session_id uuid not null,
    primary key (erasure_id, session_id)
);

-- The encryption keys that stored values need, or needed. A start without one that is in use is refused.
create table encryption_key (
    id              text primary key,
    key_check       bytea not null,                  -- a keyed hash of a constant: a start that has other bytes under a known id is refused
    last_written_at timestamptz not null,            -- a replica said then that it writes under this key
    unused_since    timestamptz                      -- no stored value needs it since then; null: some may
);

-- The key of keyed hashes, which stays. So what an old encryption key has sealed goes within hours, but for the secrets of webhooks and
-- this key, which are sealed anew.
create table hash_key (
    nth    integer primary key,                      -- the newest that can be read is used; another is added when all are lost
    sealed bytea not null                            -- under the first encryption key
);

-- A table without statistics counts as ten pages; these have few rows, and no autovacuum for long.
analyze face_view, erasure, erasure_session, encryption_key, hash_key;

-- What other rooms read of this one: views of face images, and which encryption keys stored values need.
create view face_viewed as
    select session_id, seq, id, at, viewed_by from face_view;

create view known_key as
    select id, last_written_at, unused_since from encryption_key;

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table face_view is 'privacy';
comment on table erasure is 'privacy';
comment on table erasure_session is 'privacy';
comment on table encryption_key is 'privacy';
comment on table hash_key is 'privacy';
comment on view face_viewed is 'privacy';
comment on view known_key is 'privacy';
