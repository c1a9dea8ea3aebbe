-- Keyed hashes have keys of their own, which stay: see docs/decisions/0054. So a hash needs no digest to be written anew, and what else an
-- old encryption key has sealed goes within hours, but for the secrets of webhooks and these keys, which are sealed anew.
create table hash_key (
    nth    integer primary key,                  -- the first one is for new hashes, all are for look-ups
    sealed bytea not null                        -- under the first encryption key
);

alter table liveness_session
    drop column token_digest_sealed,
    drop column key_digest_sealed,
    add constraint thinned_has_no_token_hash check (thinned_at is null or token_hash is null) not valid;

-- With the column goes the index one_erasure_per_key.
alter table erasure
    drop column hashed_under,
    drop column key_digest_sealed,
    drop column request_digest_sealed,
    add constraint erasure_hashes_together check ((key_hash is null) = (request_hash is null));
create unique index one_erasure_per_key on erasure (caller, key_hash);

drop table key_rotation;
alter table encryption_key drop column from_before;

analyze hash_key, erasure;
