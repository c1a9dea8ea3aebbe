-- One row per liveness check that a caller asked for.
create table liveness_session (
    id                   uuid primary key,        -- UUIDv7: its order is the order of creation
    caller               text not null,
    idempotency_key      text not null,
    request_hash         bytea not null,          -- SHA-256 of the request after defaults
    status               text not null check (status in
        ('OPENING', 'PENDING', 'PASSED', 'NOT_PASSED', 'FAILED', 'EXPIRED', 'REJECTED', 'UNKNOWN')),
    charge_status        text not null check (charge_status in
        ('NONE', 'PRE_DEDUCTED', 'UNCONFIRMED', 'CHARGED', 'REFUNDED')),

    return_url           text not null,
    action_style         text not null,
    actions              text not null,           -- comma separated, in sequence
    action_mutex         boolean not null,
    anti_camera_hack     boolean not null,
    title                text,
    reference            text,
    metadata             jsonb,

    attempt              integer not null,        -- inits tried; more than one only after a passing rejection
    init_at              timestamptz not null,    -- when init was sent, or is about to be
    token_expires_at     timestamptz,
    token_sealed         bytea,                   -- AES-GCM, like the two addresses
    token_hash           bytea,                   -- keyed hash, for lookup
    check_url_sealed     bytea,
    face_url_sealed      bytea,
    task_no              text,                    -- init's: what finance quotes to the vendor

    refusal_code         integer,                 -- the vendor's code when it refused
    refusal_passing      boolean,
    verdict_code         integer,
    verdict_message      text,
    verdict_at           timestamptz,

    fee_amount           bigint,                  -- minor units; copied from the pre-deduction, which never changes
    fee_currency         text,
    charge_settled_at    timestamptz,

    next_look_at         timestamptz,             -- when reconciling turns to this session; null once nothing is due
    last_look            boolean not null default false, -- that look is one of the last before the token's end
    leased_until         timestamptz,             -- somebody is asking the vendor about it until then
    lease                integer not null default 0,     -- fencing: grows with each lease

    created_at           timestamptz not null,
    updated_at           timestamptz not null,

    constraint one_session_per_key unique (caller, idempotency_key)
);

-- Paging through own sessions, newest first, with each filter.
create index session_by_caller on liveness_session (caller, id desc);
create index session_by_caller_and_status on liveness_session (caller, status, id desc);
create index session_by_caller_and_reference on liveness_session (caller, reference, id desc) where reference is not null;
create index session_by_token on liveness_session (token_hash) where token_hash is not null;

-- What reconciling has to do. All partial: their cost follows the unsettled sessions, not the history.
create index session_to_ask on liveness_session (last_look, next_look_at) where status = 'PENDING';
create index session_to_give_up on liveness_session (token_expires_at) where status = 'PENDING';
create index session_to_write_off on liveness_session (next_look_at)
    where status in ('OPENING', 'UNKNOWN') and next_look_at is not null;

-- A session moves a few times in its first hours; leave room for that on its page.
alter table liveness_session set (fillfactor = 80);

-- What happened to a session. Never holds a token or an address.
create table session_event (
    id           uuid primary key,                -- UUIDv7; recording the same again changes nothing
    seq          bigint generated always as identity, -- the order in which things happened
    session_id   uuid not null references liveness_session (id),
    type         text not null,
    at           timestamptz not null,
    detail       jsonb not null default '{}'
);

create index event_by_session on session_event (session_id, seq);
