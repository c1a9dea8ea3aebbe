-- Callers are told by webhooks and by the feed what became of their sessions: see docs/decisions/0050.

create table webhook_endpoint (
    id                uuid primary key,              -- UUIDv7
    caller            text not null,
    url               text not null,
    description       text,
    event_types       text[],                        -- null: all
    status            text not null,
    reason            text,                          -- of a status other than ACTIVE
    -- The present secret first, and those before it, which sign too until their time. In this row, so that rotations at the same moment
    -- see each other.
    secrets_sealed    bytea[] not null,              -- AES-GCM
    secrets_until     timestamptz[] not null,        -- of the present one: infinity
    secrets_key       text[] not null,               -- Idempotency-Key of the request that made it; null without one
    created_by_key    text,                          -- Idempotency-Key of its creation
    request_hash      bytea,                         -- HMAC of what that asked for
    version           integer not null default 1,    -- how often its owner changed it: the ETag
    failing_since     timestamptz,                   -- the first failure after the last success
    last_error        text,
    gone_count        integer not null default 0,    -- pauses for a 410 since the last success
    round             integer not null default 0,    -- begun by each resume, other address or recovery
    not_before        timestamptz,                   -- no attempt earlier: the receiver's Retry-After
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    constraint status_is_known check (status in ('ACTIVE', 'PAUSED', 'DISABLED')),
    constraint reason_is_known check (reason in ('OWNER', 'OPERATOR', 'FAILING', 'GONE')),
    constraint active_without_reason check ((status = 'ACTIVE') = (reason is null))
);

create unique index endpoint_by_key on webhook_endpoint (caller, created_by_key);
create index endpoint_by_caller on webhook_endpoint (caller, id);
create index endpoint_by_status on webhook_endpoint (status, id);
create index endpoint_failing on webhook_endpoint (failing_since) where failing_since is not null;

-- Whether a caller may create one more endpoint. Its creations come one after the other through here, on all replicas: the lock is held to
-- the end of the transaction. The count is a statement of its own, which sees what those before it in the line have stored.
create function endpoint_may_be_created(whose text, at_most integer) returns boolean language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(1818850415, hashtext(whose));
    return (select count(*) from (select from webhook_endpoint where caller = whose limit at_most) own) < at_most;
end
$$;

-- Deliveries: written with the settling of a session, kept for liveness.webhook.delivery-retention after their end. Why there is one table,
-- and no status of those that wait for an earlier event of their session: docs/decisions/0050.
create table webhook_delivery (
    id              bigint generated always as identity primary key,
    endpoint_id     uuid not null,
    event_id        uuid not null,                   -- webhook-id
    seq             bigint not null,                 -- deliveries of one session keep this order
    session_id      uuid,                            -- null for a test
    type            text not null,
    at              timestamptz not null,            -- when it happened
    data            jsonb not null,                  -- the session's status and charge at that time
    attempts        jsonb not null default '[]',     -- the latest ones: [{at, httpStatus, error, millis, answer}]
    once            boolean not null default false,  -- a test: one attempt out of turn, which says nothing of its endpoint
    status          text not null default 'PENDING',
    attempt         integer not null default 0,      -- how many there were since it was due for the first time
    next_attempt_at timestamptz,                     -- while it waits for an earlier event of its session: after the next attempt of that
    lease           integer not null default 0,      -- fencing: grows with each lease
    leased_until    timestamptz,                     -- a replica attempts it until then
    ended_at        timestamptz,
    constraint delivery_once unique (endpoint_id, event_id),
    constraint status_is_known check (status in ('PENDING', 'DELIVERED', 'FAILED')),
    constraint pending_is_due check ((status = 'PENDING') = (next_attempt_at is not null)),
    constraint pending_has_no_end check ((status = 'PENDING') = (ended_at is null))
)
-- A lease changes no column of an index, and has room on the page (HOT updates). Every end leaves an entry in the indexes of what is pending:
-- a vacuum removes them after as many ends, however long the history is.
with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, vacuum_index_cleanup = on);

create index delivery_due on webhook_delivery (endpoint_id, next_attempt_at) where status = 'PENDING';
create index delivery_of_once on webhook_delivery (endpoint_id, next_attempt_at) where status = 'PENDING' and once;
create index delivery_by_status on webhook_delivery (endpoint_id, status, event_id);
create index delivery_by_end on webhook_delivery (ended_at) where ended_at is not null;

-- Attempts without what receivers have answered, which their owner sees of one delivery, and which goes with the session's data.
create function without_answers(attempts jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_agg(made - 'answer' order by nth), '[]')
    from jsonb_array_elements(attempts) with ordinality as a (made, nth)
$$;

-- Work on many deliveries of an endpoint, in steps: replays, what waits for an endpoint that is resumed or has recovered, and what is left of
-- an endpoint that was deleted.
create table webhook_job (
    id          uuid primary key,                    -- UUIDv7
    endpoint_id uuid not null,
    kind        text not null,
    status      text,                                -- REPLAY: what is delivered, of the events since then
    since       timestamptz,
    until       timestamptz,                         -- REPLAY: and before then
    seq         bigint,                              -- REPLAY: the owner's events up to this number are done
    replayed    bigint not null default 0,           -- REPLAY: how many deliveries are due by it
    position    uuid,                                -- of all others: deliveries up to this one are done
    done        bigint not null default 0,           -- how many deliveries or events it has gone through
    created_at  timestamptz not null,
    ended_at    timestamptz,                         -- null while there is more to do
    constraint kind_is_known check (kind in ('REPLAY', 'RESUME', 'RECOVER', 'DELETE')),
    constraint status_is_known check (status in ('FAILED', 'MISSED', 'ALL')),
    constraint replay_has_a_window check (
        kind = 'REPLAY' and num_nulls(status, since, until, seq) = 0 or kind <> 'REPLAY' and position is not null)
);

create index job_under_way on webhook_job (id) where ended_at is null;
create index job_by_end on webhook_job (ended_at) where ended_at is not null;
-- An endpoint has one job of a kind at a time, also when two requests come at the same moment.
create unique index one_job_of_a_kind on webhook_job (endpoint_id, kind) where ended_at is null;

-- What owners are told of their endpoints, beside what they are told of their sessions.
create table webhook_endpoint_event (
    seq         bigint primary key default nextval('session_event_seq_seq'), -- one order with the events of sessions
    id          uuid not null,
    caller      text not null,
    endpoint_id uuid not null,
    type        text not null,
    at          timestamptz not null,
    data        jsonb not null
);

create index endpoint_event_by_caller on webhook_endpoint_event (caller, seq);
create index endpoint_event_by_time on webhook_endpoint_event (at);

-- What a restore changes: see docs/operations.md, "After a restore".
create table feed_epoch (
    only_row      boolean primary key default true,
    epoch         bigint not null,                   -- cursors of the feed carry it: they belong to the database as it was since then
    goes_on_after bigint,                            -- the last number that was given before the first restore; null without one
    constraint one_row check (only_row)
);

insert into feed_epoch (epoch) values (0);

-- For the owner, after a restore. Cursors of before are refused, and no session ends without a verdict until resume_write_offs: its verdict
-- may have been told before the restore. lost is how many events may be missing before the last number that is known.
create function restored(lost bigint default 0) returns void language sql as $$
    select hold_write_offs();
    update feed_epoch
    set epoch = extract(epoch from clock_timestamp()),
        goes_on_after = least(goes_on_after, (select last_value from session_event_seq_seq) - lost)
$$;

-- A table without statistics counts as ten pages; these have few rows, and no autovacuum for long.
analyze webhook_endpoint, webhook_delivery, webhook_job, webhook_endpoint_event, feed_epoch;

-- What other rooms read of this one: whose an endpoint is, and what it is told.
create view webhook_owner as
    select id as endpoint_id, caller, created_at from webhook_endpoint;

create view webhook_told as
    select endpoint_id, event_id, at from webhook_delivery;

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table webhook_endpoint is 'notify';
comment on table webhook_delivery is 'notify';
comment on table webhook_job is 'notify';
comment on table webhook_endpoint_event is 'notify';
comment on table feed_epoch is 'notify';
comment on view webhook_owner is 'notify';
comment on view webhook_told is 'notify';
