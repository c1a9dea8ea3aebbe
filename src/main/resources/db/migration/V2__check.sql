-- One row for each liveness check that a caller asked for.
create table liveness_session (
    id                uuid primary key,          -- UUIDv7: its order is the order of creation
    caller            text not null,
    status            text not null,
    charge_status     text not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,

    -- The request. Null once the session is thinned; all but the key also once it is erased.
    idempotency_key   text,
    request_hash      bytea,                     -- SHA-256 of the request after defaults
    return_url        text,
    action_style      text not null,
    actions           text not null,             -- comma separated, in sequence
    action_mutex      boolean not null,
    anti_camera_hack  boolean not null,
    title             text,
    reference         text,
    metadata          jsonb,
    cost_centre       text,                      -- what the fee is charged back to; stays, for finance

    -- Init, and what the vendor answered to it. Sealed values are encrypted with AES-GCM.
    attempt           integer not null,          -- inits tried; more than one only after a refusal that passes
    init_at           timestamptz not null,      -- when init was sent, or is about to be
    task_no           text,                      -- init's: what finance quotes to the vendor
    token_expires_at  timestamptz,
    token_sealed      bytea,
    token_hash        bytea,                     -- keyed hash, for look-up
    check_url_sealed  bytea,
    refusal_code      integer,                   -- the vendor's code when it refused
    refusal_passing   boolean,                   -- the same key may be tried again

    verdict_at        timestamptz,
    verdict_code      integer,
    verdict_message   text,
    face_url_sealed   bytea,
    face_redacted_at  timestamptz,               -- its absence alone would not tell: the vendor may have given none

    -- The fee, copied from the pre-deduction, which never changes. An amount is in ten-thousandths of a minor unit (0.000001 CNY), here
    -- and in all tables.
    fee_amount        bigint,
    fee_currency      text,
    charge_settled_at timestamptz,

    -- Retention. The key is hashed a day before it is erased: see docs/decisions/0053.
    key_hash          bytea,                     -- keyed hash of caller and key
    key_hashed_at     timestamptz,
    thinned_at        timestamptz,
    erased_at         timestamptz,

    constraint one_session_per_key unique (caller, idempotency_key),
    constraint status_is_known check (status in
        ('OPENING', 'PENDING', 'PASSED', 'NOT_PASSED', 'FAILED', 'EXPIRED', 'REJECTED', 'UNKNOWN')),
    constraint charge_status_is_known check (charge_status in ('NONE', 'PRE_DEDUCTED', 'UNCONFIRMED', 'CHARGED', 'REFUNDED')),
    -- token_hash alone finds a session that has ended.
    constraint ended_has_no_token check (
        status in ('OPENING', 'PENDING') or (token_sealed is null and check_url_sealed is null)),
    constraint redacted_has_no_face check (face_redacted_at is null or face_url_sealed is null),
    constraint key_hash_has_its_time check ((key_hash is null) = (key_hashed_at is null)),
    constraint thinned_has_no_token_hash check (thinned_at is null or token_hash is null),
    -- What identifies a person or belongs to the request is gone; the fee and its task number stay.
    constraint thinned_is_erased check (
        case when thinned_at is null and erased_at is null
             then idempotency_key is not null and request_hash is not null and return_url is not null
             else key_hash is not null and status not in ('OPENING', 'PENDING')
                 and request_hash is null and return_url is null and title is null
                 and reference is null and metadata is null and verdict_message is null
                 and (idempotency_key is null) = (thinned_at is not null)
                 and (erased_at is null or face_url_sealed is null)
        end)
)
-- A session moves a few times in its first hours: room for that on its page. Its moves change no column of an index, so that they write no
-- index entry (HOT updates): what is open, what has ended, tokens and fees are found in narrow tables of their own. See docs/decisions/0014.
-- What is erased lies in dead rows until a vacuum: it comes after one row in a hundred has changed, not after one in five. Most of these
-- vacuums do not read the indexes.
with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 50);

-- Lists are read by position, each in one index whose columns run in one direction: see docs/decisions/0011. Operators' lists go through
-- these caller by caller.
create index session_by_caller on liveness_session (caller, id);
create index session_by_caller_and_reference on liveness_session (caller, reference, id) where reference is not null;

-- All callers, each found behind the one before: they are few.
create function callers() returns setof text language sql stable rows 100 as $$
    with recursive k as (
        (select caller from liveness_session order by caller limit 1)
        union all
        select (select n.caller from liveness_session n where n.caller > k.caller order by n.caller limit 1)
        from k where k.caller is not null
    )
    select caller from k where caller is not null
$$;

-- The session of a token, until it is thinned.
create table session_token (
    token_hash bytea not null,                   -- keyed hash, as in liveness_session
    session_id uuid not null
);

create index session_by_token on session_token (token_hash);

-- Sessions that have ended, and whose fee has: one row for each that is not on the schedule.
create table session_end (
    caller         text not null,
    status         text not null,                -- as in liveness_session; it changes no more, but when a refused key is tried again
    session_id     uuid not null,
    unhashed_since timestamptz,                  -- when it ended; null once its key is hashed
    face_since     timestamptz,                  -- when its face image came; null without one, and once it is redacted
    primary key (caller, status, session_id),
    constraint status_is_ended check (status in ('PASSED', 'NOT_PASSED', 'FAILED', 'EXPIRED', 'REJECTED', 'UNKNOWN'))
);

-- Ended sessions whose key is not hashed yet, and face images that can still be fetched: what retention comes to.
create index session_to_hash on session_end (unhashed_since) where unhashed_since is not null;
create index face_to_redact on session_end (face_since) where face_since is not null;

-- Sessions whose key was hashed in the last day: they are thinned next.
create index session_to_thin on liveness_session (key_hashed_at) where key_hashed_at is not null and thinned_at is null;
-- An open finds a key here whose session is thinned, or soon will be. Not unique: see docs/decisions/0053.
create index session_by_key_hash on liveness_session (caller, key_hash) where key_hash is not null;

-- What happened to a session. It never holds a token or an address. Polls are no events: session_schedule counts them.
create table session_event (
    session_id uuid not null,                    -- without a foreign key: an event is stored by the statement that moves its session
    id         uuid not null default new_id(),   -- UUIDv7; recording the same again changes nothing
    seq        bigint generated always as identity, -- the order in which things happened, also in face_view and webhook_endpoint_event
    caller     text,                             -- whose feed it belongs to; null for events that callers are not told of
    type       text not null,
    at         timestamptz not null,
    detail     jsonb not null default '{}',
    primary key (session_id, id)                 -- a session has some events: they are sorted when they are read
);

-- The feed of a caller, in order: see docs/decisions/0050.
create index event_by_caller on session_event (caller, seq) where caller is not null;
-- What moved a session, or should have, for the comparison of the books. OPENING is not among it: another one follows within seconds.
create index event_of_move on session_event (seq)
    where type in ('OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF', 'CONTRADICTED');
-- A session whose number is on no fee is found by it. No open or settle that has a fee writes an entry here.
create index event_without_fee on session_event ((detail ->> 'taskNo'))
    where type in ('REJECTED', 'CONTRADICTED') or type = 'OPENED' and detail ->> 'charge' = 'NONE';

-- The schedule of polls: one narrow row for each unsettled session, gone when it settles. Claims and polls write here alone, so that their
-- cost follows what is open and never the history: see docs/decisions/0014.
create table session_schedule (
    session_id           uuid primary key,
    caller               text not null,
    status               text not null,
    attempt              integer not null,       -- of the opening, as in liveness_session
    init_at              timestamptz not null,
    token_sealed         bytea,                  -- PENDING only: what the vendor is asked with
    token_expires_at     timestamptz,            -- PENDING only: its verdict is lost then
    final_polls_from      timestamptz,            -- PENDING only: from then on a poll before that is one of the final ones
    next_poll_at         timestamptz not null,   -- PENDING: ask the vendor then; else: nothing can be learnt after it
    lease                integer not null default 0, -- fencing: grows with each lease
    leased_until         timestamptz,            -- a replica deals with the session until then

    -- Polls so far. When the session ends, its event CHECKED has the sum.
    polls                integer not null default 0,
    failed_polls         integer not null default 0, -- without an answer, or with an error: the first ones are events too
    first_poll_at        timestamptz,
    last_poll_at         timestamptz,
    second_last_poll_at  timestamptz,
    third_last_poll_at   timestamptz,            -- with it the limit of polls out of turn needs no list
    last_poll_code       integer,                -- null without an answer

    opener               uuid,                   -- OPENING only: the process that has or awaits init's answer

    constraint status_is_unsettled check (status in ('OPENING', 'PENDING', 'UNKNOWN')),
    constraint pending_can_be_asked check ((status = 'PENDING') = (token_sealed is not null and token_expires_at is not null))
)
-- A row is rewritten with each poll: room for that in its page, and dead versions are cleared early.
with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500,
      autovacuum_analyze_scale_factor = 0.1, autovacuum_analyze_threshold = 500);

-- Polls in the order they are due; final polls in the order they become due, and not those whose next poll is after the token's end;
-- openings and lost fees to write off. Sessions whose token has long ended are found by their ids, which have the time.
create index schedule_by_poll on session_schedule (next_poll_at) where status = 'PENDING';
create index schedule_of_final_polls on session_schedule (greatest(next_poll_at, final_polls_from)) where next_poll_at < token_expires_at;
create index schedule_to_write_off on session_schedule (next_poll_at) where status <> 'PENDING';

-- What is on the schedule, by caller: one row for each session there, written when it comes, moves or goes, and never by a poll. Limits
-- of a caller and lists of its open sessions read this table, so that they read no other caller's sessions.
create table session_open (
    caller     text not null,
    status     text not null,
    session_id uuid not null,
    primary key (caller, status, session_id)
)
-- The rows live for seconds to hours: dead ones are cleared early.
with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500,
      autovacuum_analyze_scale_factor = 0.1, autovacuum_analyze_threshold = 500);

-- The triggers alone write session_open, so it cannot contradict the schedule. A poll and a lease do not name the
-- status, and call none of them.
create function session_open_follows_schedule() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into session_open (caller, status, session_id) values (new.caller, new.status, new.session_id);
    elsif tg_op = 'DELETE' then
        delete from session_open where caller = old.caller and status = old.status and session_id = old.session_id;
    else
        update session_open set status = new.status
        where caller = old.caller and status = old.status and session_id = old.session_id;
    end if;
    return null;
end
$$;

create trigger session_comes_or_goes after insert or delete on session_schedule
    for each row execute function session_open_follows_schedule();
create trigger session_moves after update of status on session_schedule
    for each row when (old.status <> new.status) execute function session_open_follows_schedule();

-- Removes intents for which no init was sent: a new session with its event, or another attempt of a refused one, which is refused again as
-- it was, and keeps the number and the time of that attempt. The event tells an intent from another of the same attempt that another replica
-- has stored and sent.
-- Answers those that were there.
--
-- The service may delete neither sessions nor events, and has this alone, which runs as the owner of both.
create function remove_unsent(sessions uuid[], attempts integer[], intents uuid[])
    returns table (session_id uuid, intent uuid) language plpgsql volatile security definer set search_path from current as $$
#variable_conflict use_column
declare
    one record;
    was record;
begin
    for one in select * from unnest(sessions, attempts, intents) as f (session, attempt, event) order by f.session loop
        perform from liveness_session s
            where s.id = one.session and s.attempt = one.attempt and s.status = 'OPENING'
              and exists (select from session_event e where e.session_id = s.id and e.id = one.event)
            for update;
        continue when not found;
        delete from session_schedule where session_id = one.session;
        delete from session_event where session_id = one.session and id = one.event;
        if one.attempt = 1 then
            delete from liveness_session where id = one.session;
        else
            select at, detail into was from session_event
                where session_id = one.session and type = 'REJECTED' order by seq desc limit 1;
            update liveness_session
                set status = 'REJECTED', refusal_passing = true, refusal_code = (was.detail ->> 'code')::integer,
                    task_no = was.detail ->> 'taskNo', updated_at = was.at
                where id = one.session;
            insert into session_end (caller, status, session_id, unhashed_since)
                select caller, status, id, was.at from liveness_session where id = one.session;
        end if;
        session_id := one.session;
        intent := one.event;
        return next;
    end loop;
end
$$;
revoke execute on function remove_unsent from public;

-- Whether sessions without a verdict are written off: not after a restore, until an operator says so. One row.
create table write_offs (
    only_row   boolean primary key default true,
    held_since timestamptz,                      -- null: they are
    constraint one_row check (only_row)
);

insert into write_offs default values;

create function hold_write_offs() returns void language sql as $$
    update write_offs set held_since = liveness_now()
$$;

-- The owner of the tables calls it when what a restore has lost has been looked after.
create function resume_write_offs() returns void language sql as $$
    update write_offs set held_since = null
$$;

-- Who had no place in the budget of vendor calls for an open, and when last: as many rows as there are callers. Replicas that refuse opens
-- tell each other by it. Unlogged: it counts for seconds.
create unlogged table open_refused (
    caller text primary key,
    at     timestamptz not null
);
create index refused_lately on open_refused (at);

-- Whether a caller may open one more session. Opens of one caller come one after the other through here, on all replicas: the lock
-- CALLER is held to the end of the transaction, which is the one statement that stores the session. Others are not held up, except those
-- whose names happen to have the same hash.
--
-- Two statements, in this order: each statement of a volatile function sees what was committed before it began, so the count sees what
-- those before us in the line have stored. The statement that calls this began before the wait and does not see it.
--
-- It is the first lock that an open takes, and whoever holds it waits for none that is held by somebody who wants it.
create function session_may_open(whose text, at_most integer) returns boolean language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(1818850414, hashtext(whose));
    -- No further than it has to.
    return (select count(*) from (
                select from session_open
                where caller = whose and status in ('OPENING', 'PENDING')
                limit at_most) open) < at_most;
end
$$;

-- Processes that open sessions, by their signs of life. What one of them opens is written off by others only when it is gone: without a sign
-- of life for a while in which the others' never came late. What stops the signs of all, such as a lock or a full disk, makes nobody look gone.
create table opener (
    id           uuid primary key,               -- made when the process starts
    seen_at      timestamptz not null,           -- its latest sign of life
    steady_since timestamptz not null            -- no sign of life came late since then
)
-- Rewritten every few seconds: always within its page, so that a full disk hinders it late.
with (fillfactor = 10);

-- Why a session that was opened elsewhere cannot be imported now, as ImportSession.Refusal names it, else null. Imports of one token come
-- one after the other through here, as do those of one task number; and none beside the matching of a bill or the close of a month, whose
-- locks BILLS and MONTHS it does not wait for: each statement sees what was committed before it began. A bill that is compared would have
-- counted the fee as missing.
create function import_refused(hash bytea, number text, opened_at timestamptz) returns text language plpgsql volatile as $$
begin
    if not (pg_try_advisory_xact_lock_shared(1818850414, 1835103331) and pg_try_advisory_xact_lock_shared(1818850414, 1885697636)) then
        return 'FINANCE_AT_WORK';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(encode(hash, 'hex'), 0));
    return case when exists (select from session_token where token_hash = hash) then 'TOKEN_KNOWN'
                when fee_booked_as(number) is not null then 'TASK_NO_KNOWN'
                when bill_is_compared(opened_at) then 'BILL_COMPARED'
                when opened_at < books_closed_until() then 'MONTH_CLOSED' end;
end
$$;

-- A table that nobody has analysed counts as ten pages, and no autovacuum comes to this one.
analyze write_offs;

-- What other rooms read of this one. A view without sums is planned as the query that it stands for, with all indexes of its table.

-- A row for each fee.
create view fee as
    select id as session_id, caller, cost_centre, reference, status, charge_status, task_no, fee_amount as amount, fee_currency as currency,
           init_at, charge_settled_at as settled_at
    from liveness_session
    where fee_amount is not null;

-- What became of each session.
create view session_outcome as
    select id as session_id, caller, cost_centre, reference, action_style, status, charge_status, init_at, refusal_code, verdict_code,
           verdict_at, fee_amount, fee_currency, charge_settled_at, erased_at, thinned_at
    from liveness_session;

-- What happened to sessions.
create view event_log as
    select session_id, id, seq, caller, type, at, detail from session_event;

-- Sessions whose verdict or fee has not ended; and once more by caller, from a table that no poll writes.
create view unsettled as
    select session_id, caller, status, init_at, next_poll_at from session_schedule;

create view unsettled_by_caller as
    select caller, status, session_id from session_open;

-- Locks sessions in the order of their ids: what is judged of their fees stays so until the transaction ends.
create function lock_sessions(ids uuid[]) returns void language plpgsql as $$
begin
    perform from liveness_session where id = any (ids) order by id for no key update;
end
$$;

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table liveness_session is 'check';
comment on table session_token is 'check';
comment on table session_end is 'check';
comment on table session_event is 'check';
comment on table session_schedule is 'check';
comment on table session_open is 'check';
comment on table write_offs is 'check';
comment on table open_refused is 'check';
comment on table opener is 'check';
comment on view fee is 'check';
comment on view session_outcome is 'check';
comment on view event_log is 'check';
comment on view unsettled is 'check';
comment on view unsettled_by_caller is 'check';
