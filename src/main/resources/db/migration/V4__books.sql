-- The books: rows are only ever added. A correction is one more row.
create table ledger_entry (
    id            bigint generated always as identity primary key,
    session_id    uuid,                          -- null for an adjustment of a line that is of no session
    kind          text not null,
    task_no       text,                          -- init's
    basis         text not null,
    amount        bigint not null,               -- ten-thousandths of a minor unit (0.000001 CNY), as all amounts
    currency      text not null,
    recorded_at   timestamptz not null,

    -- A fee fills these columns, so that finance finds and sums it here: a session's row changes, an entry never does.
    -- A charge or refund has those of its pre-deduction.
    caller        text,
    cost_centre   text,
    init_at       timestamptz,                   -- when init was sent: the time of the fee

    -- An adjustment fills these columns. It counts in the month that it corrects while that is open: at the time of its
    -- fee, or of its line within the period of the bill.
    acceptance_id uuid,                          -- what it was entered for
    counted_at    timestamptz,                   -- null where it counts at the time it was recorded
    of_month      text,                          -- the month that it corrects, when that was closed before

    constraint kind_is_known check (kind in ('PRE_DEDUCT', 'CHARGE', 'REFUND', 'ADJUSTMENT')),
    constraint basis_is_known check (basis in ('VENDOR', 'RULE', 'PRESUMED', 'IMPORTED')),
    constraint currency_is_iso check (currency ~ '^[A-Z]{3}$'),
    constraint only_an_adjustment_is_negative check (amount >= 0 or kind = 'ADJUSTMENT'),
    constraint entry_of_something check (session_id is not null or (kind = 'ADJUSTMENT' and acceptance_id is not null)),
    constraint fee_has_caller_and_time check (kind = 'ADJUSTMENT' or (caller is not null and init_at is not null))
)
-- Sums are read from indexes alone where a vacuum has seen the rows: after one in a hundred is new, not after one in five.
with (autovacuum_vacuum_insert_scale_factor = 0.01);

-- One pre-deduction a session, and it ends once: as a charge or as a refund.
create unique index one_pre_deduction on ledger_entry (session_id) where kind = 'PRE_DEDUCT';
create unique index one_ending on ledger_entry (session_id) where kind in ('CHARGE', 'REFUND');
-- What finance quotes, and a bill is matched by.
create index charge_by_task_no on ledger_entry (task_no) where kind = 'PRE_DEDUCT' and task_no is not null;

-- Lists and sums of fees: see docs/decisions/0011. Fees by their time, of all and of a caller; then the ends of a caller's fees by the time
-- of the fee, which has all columns of a sum, and by the time of the end. Of all callers, ends are read for one after the other.
create index fee_by_time on ledger_entry (init_at, session_id) where kind = 'PRE_DEDUCT';
create index fee_by_caller on ledger_entry (caller, init_at, session_id) include (amount, currency) where kind = 'PRE_DEDUCT';
create index ending_by_caller on ledger_entry (caller, init_at)
    include (session_id, kind, basis, amount, currency, cost_centre) where kind in ('CHARGE', 'REFUND');
create index ending_by_end on ledger_entry (caller, kind, recorded_at, session_id) where kind in ('CHARGE', 'REFUND');
-- Few: entries of fees whose init or verdict was lost.
create index fee_presumed on ledger_entry (init_at, session_id) where basis = 'PRESUMED';
-- The fees of sessions that were opened elsewhere come up to hours after they were taken.
create index fee_imported on ledger_entry (caller, recorded_at) where basis = 'IMPORTED';

-- How a fee stands, by its entries: the kind of its end, null while it is open, and the basis of its pre-deduction.
create function fee_status(ended text, taken text) returns text language sql immutable parallel safe as $$
    select case ended when 'CHARGE' then 'CHARGED' when 'REFUND' then 'REFUNDED'
                      else case taken when 'PRESUMED' then 'UNCONFIRMED' else 'PRE_DEDUCTED' end end
$$;

-- Pre-deductions that have not ended: few.
create function open_fees() returns setof ledger_entry language sql stable rows 100 as $$
    select e.*
    from unsettled o
    cross join lateral (select * from ledger_entry where session_id = o.session_id and kind = 'PRE_DEDUCT' limit 1) e
    where not exists (select from ledger_entry x where x.session_id = e.session_id and x.kind in ('CHARGE', 'REFUND'))
$$;

-- Adjustments are few: by the time they were recorded, by that at which they count, and of a fee. The condition of the last one differs on
-- purpose: with one for all the planner may walk all of one index where another one has a key.
create index adjustment_by_time on ledger_entry (recorded_at) where kind = 'ADJUSTMENT';
create index adjustment_by_month on ledger_entry (coalesce(counted_at, recorded_at), id) where kind = 'ADJUSTMENT';
create index adjustment_by_session on ledger_entry (session_id, id)
    where kind not in ('PRE_DEDUCT', 'CHARGE', 'REFUND') and session_id is not null;

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'ledger_entry is append-only: % refused; add an ADJUSTMENT instead', tg_op
        using errcode = 'restrict_violation';
end
$$;

create trigger ledger_refuses_changes before update or delete or truncate on ledger_entry
    for each statement execute function ledger_is_append_only();

-- A charge or refund is of what was pre-deducted, and of its caller, cost centre and time.
create function ledger_ends_what_was_pre_deducted() returns trigger language plpgsql as $$
begin
    select pre.caller, pre.cost_centre, pre.init_at into new.caller, new.cost_centre, new.init_at
        from ledger_entry pre
        where pre.session_id = new.session_id and pre.kind = 'PRE_DEDUCT'
          and pre.amount = new.amount and pre.currency = new.currency;
    if not found then
        raise exception 'a % of session % needs a pre-deduction of the same amount', new.kind, new.session_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

create trigger ledger_ending_has_a_beginning before insert on ledger_entry
    for each row when (new.kind in ('CHARGE', 'REFUND')) execute function ledger_ends_what_was_pre_deducted();

-- Whether sessions, ledger and events agree: see docs/decisions/0016. How far the comparison of what is new has come: one row, whose lock
-- is the right to do the next pass.
create table books_comparison (
    only_row     boolean primary key default true,
    next_pass_at timestamptz not null,           -- nothing to do before
    passes       bigint not null,                -- done so far
    compared_at  timestamptz not null,           -- when the last one was
    -- What is new is read from where the last pass but one ended, so that a row which became visible late is not missed.
    entry_from   bigint not null,
    entry_to     bigint not null,
    event_from   bigint not null,
    event_to     bigint not null,
    constraint one_row check (only_row)
)
-- The row is rewritten with each pass: room for that in its page.
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into books_comparison (next_pass_at, passes, compared_at, entry_from, entry_to, event_from, event_to)
values ('-infinity', 0, '-infinity', 0, 0, 0, 0);

-- All books are compared each night. One row, whose lock is the right to compare the next range of the night.
create table books_night (
    only_row     boolean primary key default true,
    due_at       timestamptz not null,           -- when the next night begins, or the one under way began
    session_from uuid not null,                  -- sessions up to this one are compared
    entry_from   bigint not null,                -- and ledger entries up to this one
    constraint one_row check (only_row)
)
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into books_night (due_at, session_from, entry_from) values ('-infinity', '00000000-0000-0000-0000-000000000000', 0);

-- What was found and is not mended. Compared again with each pass, and gone when it is mended.
create table books_difference (
    session_id   uuid not null,
    kind         text not null,
    fee_amount   bigint not null,                -- as in liveness_session; 0 without a fee
    found_at     timestamptz not null,
    primary key (session_id, kind)
);

-- How the fee of a task number is booked, null while it is not. Nobody else books one of that number unseen until the transaction that asks
-- has ended: an import and the record of an init's answer ask before they do.
create function fee_booked_as(number text) returns text language plpgsql volatile strict as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(number, 1));
    return (select basis from ledger_entry where kind = 'PRE_DEDUCT' and task_no = number limit 1);
end
$$;

-- An adjustment belongs to the month that it corrects while that is open. What corrects a closed month counts in the open one and names it.
-- The lock MONTHS is the one that a close holds until it is committed: an adjustment under way is waited for, and a later one sees the
-- closed month. Adjustments are few; other entries never come here.
create function adjustment_falls_into_an_open_month() returns trigger language plpgsql as $$
declare
    closed_until timestamptz;
    corrected timestamptz;
begin
    perform pg_advisory_xact_lock_shared(1818850414, 1885697636);
    closed_until := coalesce(books_closed_until(), '-infinity');
    if new.recorded_at < closed_until then
        raise exception 'an adjustment of % falls into a month that is closed; record it in the month that is open', new.recorded_at
            using errcode = 'restrict_violation';
    end if;
    corrected := (select init_at from session_outcome where session_id = new.session_id);
    if corrected is null then
        -- No line makes the books begin before their first fee.
        corrected := (
            select greatest(billed_at, (select init_at from ledger_entry where kind = 'PRE_DEDUCT' order by init_at, session_id limit 1))
            from acceptance_billed_at(new.acceptance_id, new.recorded_at) billed_at where billed_at is not null);
    end if;
    corrected := coalesce(least(corrected, new.recorded_at), new.recorded_at);
    if corrected < closed_until then
        new.of_month := closed_month_of(corrected);
        new.counted_at := null;
    else
        new.of_month := null;
        new.counted_at := nullif(corrected, new.recorded_at);
    end if;
    return new;
end
$$;

create trigger ledger_adjusts_the_open_month before insert on ledger_entry
    for each row when (new.kind = 'ADJUSTMENT') execute function adjustment_falls_into_an_open_month();

-- Enters adjustments, for functions of other rooms.
create type ledger_adjustment as (
    session_id uuid, task_no text, amount bigint, currency text, recorded_at timestamptz, acceptance_id uuid);

create function ledger_adjust(adjustments ledger_adjustment[]) returns void language sql as $$
    insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, acceptance_id)
    select session_id, 'ADJUSTMENT', task_no, 'VENDOR', amount, currency, recorded_at, acceptance_id from unnest(adjustments)
$$;

-- What a key of a caller led to, of all requests of finance that change something.
create table finance_request (
    caller          text not null,
    idempotency_key text not null,
    subject         text not null,               -- what was done to it, and how
    act             text not null,
    at              timestamptz not null,
    primary key (caller, idempotency_key)
);

-- Who did what to the books and their rules: rows are only ever added, as those of the ledger.
create table audit_entry (
    id      uuid primary key,
    at      timestamptz not null,
    who     text not null,                       -- the caller
    person  jsonb,                               -- {issuer, subject, name}, as in all columns …_person; null for a service
    what    text not null,
    subject text not null,                       -- what it was done to
    detail  jsonb not null,                      -- strings that belong to the kind of act; no token, address or metadata
    constraint what_is_a_word check (what ~ '^[a-z]+(-[a-z]+)*$')
);

-- The list, newest first: of all, of one caller, of a kind.
create index audit_by_time on audit_entry (at, id);
create index audit_by_who on audit_entry (who, at, id);
create index audit_by_what on audit_entry (what, at, id);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entry is append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$$;

create trigger audit_refuses_changes before update or delete or truncate on audit_entry
    for each statement execute function audit_is_append_only();

-- Records acts, for functions of other rooms.
create type audit_act as (at timestamptz, who text, person jsonb, what text, subject text, detail jsonb);

create function audit_record(acts audit_act[]) returns void language sql as $$
    insert into audit_entry (id, at, who, person, what, subject, detail)
    select gen_random_uuid(), at, who, person, what, subject, detail from unnest(acts)
$$;

-- A table without statistics counts as ten pages; these have few rows, and no autovacuum for long.
analyze books_comparison, books_night, books_difference, finance_request, audit_entry;

-- What other rooms read of this one.

-- Every entry of the ledger.
create view ledger as
    select id, session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at, acceptance_id, counted_at,
           of_month
    from ledger_entry;

-- What the comparison of the books found and is not mended.
create view imbalance as
    select session_id, kind, found_at from books_difference;

create view audit_list as
    select id, at, who, person, what, subject, detail from audit_entry;

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table ledger_entry is 'books';
comment on table books_comparison is 'books';
comment on table books_night is 'books';
comment on table books_difference is 'books';
comment on table finance_request is 'books';
comment on table audit_entry is 'books';
comment on view ledger is 'books';
comment on view imbalance is 'books';
comment on view audit_list is 'books';
