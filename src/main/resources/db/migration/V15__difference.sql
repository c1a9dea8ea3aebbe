-- Differences of statements are worked, see docs/decisions/0047: one that is accepted leads to an adjustment, which a counter-entry undoes.

-- Keys of all requests of finance that change something.
alter table period_request rename to finance_request;
alter table finance_request rename column month to subject;     -- what was done to it, and how
alter table finance_request drop constraint period_request_act_check;

create table statement_acceptance (
    id            uuid primary key,              -- UUIDv7
    difference_id uuid not null,
    statement_id  uuid not null references statement (id),
    kind          text not null,
    session_id    uuid,                          -- null for a line of no session
    task_no       text,
    billed_at     timestamptz,                   -- as the line has it
    state         text not null check (state in ('PROPOSED', 'ACCEPTED', 'UNDONE')),
    amount        bigint not null,               -- what the adjustment adds, in minor units (分); 0: there is none
    currency      text not null check (currency ~ '^[A-Z]{3}$'),
    reason        text not null,
    accepted_by   text not null,                 -- or proposed
    accepted_at   timestamptz not null,
    confirmed_by  text check (confirmed_by <> accepted_by),
    confirmed_at  timestamptz,
    posted_at     timestamptz,                   -- when the adjustment was entered
    undone_by     text,
    undone_at     timestamptz,
    undone_reason text,
    check (state = 'UNDONE' or (state = 'ACCEPTED') = (posted_at is not null or amount = 0))
);

-- A difference is accepted once. So is what is said of a fee, and a line that is of no session, whatever statement says it. What adjusts by
-- nothing says nothing of a fee: it may be missing on one bill since another one has it.
create unique index acceptance_standing on statement_acceptance (difference_id) where state <> 'UNDONE';
create unique index acceptance_of_fee on statement_acceptance (session_id, kind)
    where state <> 'UNDONE' and session_id is not null and kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS') and amount <> 0;
create unique index acceptance_of_line on statement_acceptance (task_no)
    where state <> 'UNDONE' and kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS');
create index acceptance_by_statement on statement_acceptance (statement_id, state, difference_id);

-- Who looks after a difference, and what was written down about it.
create table difference_note (
    difference_id uuid primary key,
    statement_id  uuid not null references statement (id),
    note          text,
    assignee      text,
    set_by        text not null,
    set_at        timestamptz not null
);
create index note_by_assignee on difference_note (statement_id, assignee, difference_id);

-- A line that is of no session of ours is adjusted too: of such an entry the acceptance tells what it is for.
alter table ledger_entry add column acceptance_id uuid;
alter table ledger_entry alter column session_id drop not null;
alter table ledger_entry add constraint entry_of_something
    check (session_id is not null or (kind = 'ADJUSTMENT' and acceptance_id is not null)) not valid;

-- The closed month that a line is of, null while it is open. The month of a session's fee is found by the trigger of the ledger.
create function closed_month_of(at timestamptz) returns text stable language sql as $$
    select p.month from period p where at >= p.from_at and at < p.to_at and p.closed_at is not null limit 1
$$;

-- A statement that counts no more undoes what it led to, with the change of its status: an acceptance under way holds its row.
create function statement_undoes_its_acceptances() returns trigger language plpgsql as $$
begin
    with undone as (
        update statement_acceptance
        set state = 'UNDONE', undone_at = liveness_now(),
            undone_by = case new.status when 'WITHDRAWN' then new.withdrawn_by
                                        else (select s.imported_by from statement s where s.id = new.superseded_by) end,
            undone_reason = case new.status when 'WITHDRAWN' then new.reason else 'superseded by ' || new.superseded_by end
        where statement_id = new.id and state in ('PROPOSED', 'ACCEPTED')
        returning *
    )
    insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, of_month, acceptance_id)
    select session_id, 'ADJUSTMENT', task_no, 'VENDOR', -amount, currency, liveness_now(),
           case when session_id is null then closed_month_of(billed_at) end, id
    from undone where posted_at is not null;
    return null;
end
$$;

create trigger statement_counts_no_more after update of status on statement
    for each row when (old.status = 'DONE' and new.status in ('WITHDRAWN', 'SUPERSEDED'))
    execute function statement_undoes_its_acceptances();

-- A fee is corrected by one statement. Two that correct it at the same moment, by different kinds, would not see each other: the second one
-- waits for the session's row, looks after the wait, and is refused.
create function fee_is_corrected_by_one_statement() returns trigger language plpgsql as $$
begin
    perform from liveness_session where id = new.session_id for no key update;
    if exists (
        select from statement_acceptance a
        where a.state <> 'UNDONE' and a.session_id = new.session_id and a.statement_id <> new.statement_id
          and a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS') and a.amount <> 0) then
        raise exception 'corrected by another statement' using errcode = 'check_violation';
    end if;
    return new;
end
$$;

create trigger one_statement_corrects_a_fee before insert on statement_acceptance
    for each row when (new.session_id is not null and new.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS') and new.amount <> 0)
    execute function fee_is_corrected_by_one_statement();

analyze statement_acceptance, difference_note;
