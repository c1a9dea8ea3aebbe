-- Reads the table, and holds off no reader or writer.
alter table liveness_session validate constraint key_hash_has_its_time;
alter table liveness_session validate constraint thinned_is_erased;

-- An open finds a key here whose session is thinned, or soon will be. Not unique, see docs/decisions/0053.
drop index concurrently if exists session_by_key_hash;
create index concurrently session_by_key_hash on liveness_session (caller, key_hash) where key_hash is not null;

-- Ended sessions whose key is not hashed yet, by their end. A session leaves it for good when it is thinned.
drop index concurrently if exists session_to_hash;
create index concurrently session_to_hash on liveness_session ((coalesce(charge_settled_at, verdict_at, updated_at)))
    where key_hash is null and status not in ('OPENING', 'PENDING') and charge_status <> 'UNCONFIRMED';

-- Those of the last day: their key is hashed, and they are thinned next.
drop index concurrently if exists session_to_thin;
create index concurrently session_to_thin on liveness_session (key_hashed_at)
    where key_hashed_at is not null and thinned_at is null;
