-- What an old encryption key has sealed or hashed is written anew under the first key, in the background. See docs/decisions/0054.

-- A keyed hash can be written anew when its value is erased: the digest (SHA-256) of the value is sealed beside it.
alter table liveness_session
    add column token_digest_sealed bytea,         -- null with a token_hash of an older release
    add column key_digest_sealed bytea,
    add constraint key_hash_has_its_digest check ((key_hash is null) = (key_digest_sealed is null)) not valid,
    add constraint thinned_has_no_token check (thinned_at is null or (token_hash is null and token_digest_sealed is null)) not valid;

-- The encryption keys that stored values need, or needed. A start without one that is in use is refused.
create table encryption_key (
    id               text primary key,
    last_written_at  timestamptz,                 -- a replica said then that it writes under this key
    unused_since     timestamptz,                 -- no stored value needs it since then; null: some may
    from_before      boolean not null default false -- known from the first start: hashes without a digest may be under it
);

-- How far the rotation has come: one row. A pass goes through all tables with sealed values, by their keys.
create table key_rotation (
    only_row       boolean primary key default true check (only_row),
    pass           bigint not null default 0,     -- the number of the last one
    key_id         text,                          -- the key that it writes under
    began_at       timestamptz,
    ended_at       timestamptz,                   -- null while it is under way
    stage          integer not null default 0,    -- the table it is in
    position       uuid,                          -- rows of that table up to this one are done; null before the first
    since          uuid,                          -- its first row, and its last one when the stage began
    upto           uuid,
    unreadable     bigint not null default 0,     -- rows of this pass with a value that cannot be opened
    without_digest bigint not null default 0,     -- rows of this pass with a hash that cannot be written anew
    next_batch_at  timestamptz not null default '-infinity' -- not before, by any replica
)
-- The row is rewritten with each batch: room for that in its page.
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into key_rotation default values;

analyze encryption_key, key_rotation;
