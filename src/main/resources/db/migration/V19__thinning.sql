-- A session is thinned when liveness.session.retention is over: what identifies a person or belongs to the request goes, the fee and its
-- task number stay. See docs/decisions/0053.
alter table liveness_session
    alter column idempotency_key drop not null,
    alter column request_hash drop not null,
    alter column return_url drop not null,
    add column key_hash bytea,                    -- keyed hash of caller and key, stored a day before the key goes
    add column key_hashed_at timestamptz,
    add column thinned_at timestamptz,
    add constraint key_hash_has_its_time check ((key_hash is null) = (key_hashed_at is null)) not valid,
    add constraint thinned_is_erased check (
        case when thinned_at is null
             then idempotency_key is not null and request_hash is not null and return_url is not null
             else key_hash is not null and status not in ('OPENING', 'PENDING')
                 and idempotency_key is null and request_hash is null and return_url is null and title is null
                 and reference is null and metadata is null and verdict_message is null
        end) not valid;
