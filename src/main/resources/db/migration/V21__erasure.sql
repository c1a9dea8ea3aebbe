-- A caller has the data of a person erased by reference, over all of its sessions. See docs/decisions/0055. A record has no reference, and
-- it has no end: after a restore from a backup it tells what must stay erased.
create table erasure (
    id           uuid primary key,                -- UUIDv7
    caller       text not null,
    hashed_under text,                            -- the first encryption key then; this and the hashes are null when the record was repeated
    key_hash     bytea,                           -- keyed hash of caller and idempotency key
    key_digest_sealed bytea,
    request_hash bytea,                           -- keyed hash of the same and the reference
    request_digest_sealed bytea,
    requested_at timestamptz not null,
    requested_by text not null,                   -- the caller, or the operator that repeated the record
    begun_at     timestamptz not null,            -- when it was requested or repeated
    next_run_at  timestamptz not null,            -- while it runs: when a replica looks at it again
    finished_at  timestamptz,                     -- null while it runs
    constraint erasure_hashes_together check (
        num_nulls(hashed_under, key_hash, key_digest_sealed, request_hash, request_digest_sealed) in (0, 5))
);

-- Two replicas with different first keys may store two erasures of one idempotency key. When both hashes are written under the same key
-- later, they must not conflict: hashed_under stays.
create unique index one_erasure_per_key on erasure (caller, key_hash, hashed_under);
create index erasure_by_caller on erasure (caller, id);
create index erasure_running on erasure (next_run_at) where finished_at is null;

-- The sessions of an erasure, listed when it is requested. Without a foreign key: a restored database may lack a session of a record.
create table erasure_session (
    erasure_id uuid not null references erasure (id),
    session_id uuid not null,
    erased_at  timestamptz,                       -- null while the session waits for its end
    primary key (erasure_id, session_id)
);

-- The idempotency key of an erased session goes a day later, when the session is thinned: see docs/decisions/0053.
alter table liveness_session
    add column erased_at timestamptz,
    drop constraint thinned_is_erased,
    add constraint thinned_is_erased check (
        case when thinned_at is null and erased_at is null
             then idempotency_key is not null and request_hash is not null and return_url is not null
             else key_hash is not null and status not in ('OPENING', 'PENDING')
                 and request_hash is null and return_url is null and title is null
                 and reference is null and metadata is null and verdict_message is null
                 and (idempotency_key is null) = (thinned_at is not null)
                 and (erased_at is null or face_url_sealed is null)
        end) not valid;

analyze erasure, erasure_session;
