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

    -- Of a fee, so that finance finds and sums it here: a session's row changes, an entry never does. A charge or refund has those of its
    -- pre-deduction.
    caller        text,
    cost_centre   text,
    init_at       timestamptz,                   -- when init was sent: the time of the fee

    -- Of an adjustment, which counts in the month that it corrects while that is open: at the time of its fee, or of its line within the
    -- period of the bill.
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
-- Those of sessions that were opened elsewhere, which come up to hours after they were taken.
create index fee_imported on ledger_entry (caller, recorded_at) where basis = 'IMPORTED';

-- How a fee stands, by its entries: the kind of its end, null while it is open, and the basis of its pre-deduction.
create function fee_status(ended text, taken text) returns text language sql immutable parallel safe as $$
    select case ended when 'CHARGE' then 'CHARGED' when 'REFUND' then 'REFUNDED'
                      else case taken when 'PRESUMED' then 'UNCONFIRMED' else 'PRE_DEDUCTED' end end
$$;

-- Pre-deductions that have not ended: few.
create function open_fees() returns setof ledger_entry language sql stable rows 100 as $$
    select e.*
    from session_schedule o
    cross join lateral (select * from ledger_entry where session_id = o.session_id and kind = 'PRE_DEDUCT' offset 0) e
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

-- What callers may spend in a month, where it is set by the API. Configured budgets are not in here.
create table caller_budget (
    caller    text primary key,
    amount    bigint not null,
    currency  text not null,
    hard_stop boolean not null,                  -- nothing is opened once it is spent
    set_by    text not null,
    set_at    timestamptz not null,
    constraint amount_is_not_negative check (amount >= 0),
    constraint currency_is_iso check (currency ~ '^[A-Z]{3}$')
);

-- What a caller with a budget has spent of a month as of a moment: the fees pre-deducted before it that had not come back before it. Open
-- ones are in it, so none holds it back. What comes back or is imported later is found by its time. The service moves the moment on.
create table caller_spent (
    caller     text not null,
    currency   text not null,
    month_from timestamptz not null,             -- when the month begins, in the time zone of prices
    upto       timestamptz not null,             -- that moment
    spent      bigint not null,
    primary key (caller, currency, month_from)
);

-- What a caller has spent of a budget in a month: the stored sum, less what has come back since, and the fees since. All as of one moment.
create function budget_spent(whose text, budget_currency text, month_began timestamptz, month_ends timestamptz)
    returns bigint language plpgsql stable as $$
declare
    since timestamptz;
    spent_before bigint;
begin
    select c.upto, c.spent into since, spent_before from caller_spent c
        where c.caller = whose and c.currency = budget_currency and c.month_from = month_began;
    if since is null then
        since := month_began;
        spent_before := 0;
    else
        spent_before := spent_before
            + coalesce((select sum(e.amount) from ledger_entry e
                        where e.basis = 'IMPORTED' and e.caller = whose and e.recorded_at >= since
                          and e.init_at >= month_began and e.init_at < since and e.currency = budget_currency), 0)
            -- Found by when they ended: the planner, which knows no times here, would read all of the month.
            - coalesce((select sum(e.amount)
                        from (select * from ledger_entry where caller = whose and kind = 'REFUND' and recorded_at >= since offset 0) e
                        where e.init_at >= month_began and e.init_at < since and e.currency = budget_currency), 0);
    end if;
    return spent_before
        + coalesce((select sum(e.amount) from ledger_entry e
                    where e.kind = 'PRE_DEDUCT' and e.caller = whose and e.init_at >= since and e.init_at < month_ends
                      and e.currency = budget_currency), 0)
        - coalesce((select sum(e.amount)
                    from (select * from ledger_entry where kind in ('CHARGE', 'REFUND') and caller = whose
                              and init_at >= since and init_at < month_ends offset 0) e
                    where e.kind = 'REFUND' and e.currency = budget_currency), 0);
end
$$;

-- How many sessions a caller may open before its budget of the month is spent; null without a hard stop. The open that reaches the budget is
-- the last one. What is spent is what the ledger has, pre-deducted and not returned, and one fee for each open that has no outcome yet. Of a
-- fee of 0, that spends nothing, there is no limit while something is left.
--
-- A budget set by the API counts instead of a configured one: configured has those with a hard stop, {"caller": {"amount": …, "currency": …}}.
-- fees has the fee of an open in each currency, {"CNY": …}; 0 in any other. Null: the fee is taken already, and nothing stops it.
--
-- Opens of one caller come one after the other through here, on all replicas, by the lock of session_may_open. Each statement of this
-- function sees what was committed before it began, so it sees what those before in the line have stored.
create function budget_room(whose text, configured jsonb, fees jsonb, month_began timestamptz)
    returns bigint language plpgsql volatile as $$
declare
    stops boolean;
    budget bigint;
    budget_currency text;
    fee bigint;
    used bigint;
begin
    select hard_stop, amount, currency into stops, budget, budget_currency from caller_budget where caller = whose;
    if not found then
        stops := configured -> whose is not null;
        budget := configured -> whose ->> 'amount';
        budget_currency := configured -> whose ->> 'currency';
    end if;
    if not stops or fees is null then
        return null;
    end if;
    perform pg_advisory_xact_lock(1818850414, hashtext(whose));
    fee := coalesce((fees ->> budget_currency)::bigint, 0);
    -- Of one moment: an open that gets its outcome meanwhile is in one of both.
    select budget_spent(whose, budget_currency, month_began, 'infinity') + fee * count(*) into used
        from session_open s where s.caller = whose and s.status = 'OPENING';
    return case when used >= budget then 0
                when fee = 0 then 1000000000
                else (budget - used + fee - 1) / fee end;
end
$$;

-- Months that were closed, softly or for good: see docs/decisions/0044. A month without a row is open.
create table period (
    month          text primary key,
    from_at        timestamptz not null,         -- as months began when it was closed; the next one begins where it ends
    to_at          timestamptz not null,
    soft_closed_at timestamptz,
    soft_closed_by text,
    closed_at      timestamptz,
    closed_by      text,
    proof_rows     bigint,                       -- lines of the proof
    proof_sha256   text,
    archive_sha256 text,
    sums           jsonb,                        -- as the API tells them, one for each currency
    warnings       jsonb not null default '[]',  -- what it was closed in spite of
    constraint month_is_a_month check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    constraint month_has_time check (from_at < to_at),
    constraint hashes_are_sha256 check (proof_sha256 ~ '^[0-9a-f]{64}$' and archive_sha256 ~ '^[0-9a-f]{64}$'),
    constraint soft_closed_by_a_caller check ((soft_closed_at is null) = (soft_closed_by is null)),
    constraint closed_with_its_proof check (
        (closed_at is null) = (closed_by is null) and (closed_at is null) = (proof_rows is null)
        and (closed_at is null) = (proof_sha256 is null) and (closed_at is null) = (sums is null))
);

-- The file of a closed month for the archive, written with the close: a ZIP, in pieces.
create table period_archive (
    month   text not null,
    nth     integer not null,                    -- from 0 on
    content bytea not null,
    primary key (month, nth)
);
alter table period_archive alter column content set storage external; -- it is compressed

-- How the fee of a task number is booked, null while it is not. Nobody else books one of that number unseen until the transaction that asks
-- has ended: an import and the record of an init's answer ask before they do.
create function fee_booked_as(number text) returns text language plpgsql volatile strict as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(number, 1));
    return (select basis from ledger_entry where kind = 'PRE_DEDUCT' and task_no = number limit 1);
end
$$;

-- Why a session that was opened elsewhere cannot be imported now, else null. Imports of one token come one after the other through here, as
-- do those of one task number; and none beside the close of a month or the matching of a bill, whose locks it does not wait for: each
-- statement sees what was committed before it began. A bill that is compared would have counted the fee as missing.
create function import_refused(hash bytea, number text, opened_at timestamptz) returns text language plpgsql volatile as $$
begin
    if not (pg_try_advisory_xact_lock_shared(1818850414, 1835103331) and pg_try_advisory_xact_lock_shared(1818850414, 1885697636)) then
        return 'finance is at work';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(encode(hash, 'hex'), 0));
    return case when exists (select from session_token where token_hash = hash) then 'token is known'
                when fee_booked_as(number) is not null then 'task number is known'
                when exists (select from statement where in_effect and begins <= opened_at and opened_at < ends) then 'bill is compared'
                when opened_at < (select max(to_at) from period where closed_at is not null) then 'month is closed' end;
end
$$;

create function closed_period_stays() returns trigger language plpgsql as $$
begin
    raise exception 'period % is closed: % refused; add an ADJUSTMENT instead, which falls into the open month', old.month, tg_op
        using errcode = 'restrict_violation';
end
$$;

create function period_refuses_truncate() returns trigger language plpgsql as $$
begin
    raise exception 'period: TRUNCATE refused' using errcode = 'restrict_violation';
end
$$;

create trigger period_stays_closed before update or delete on period
    for each row when (old.closed_at is not null) execute function closed_period_stays();
create trigger period_is_never_emptied before truncate on period
    for each statement execute function period_refuses_truncate();
create trigger period_archive_stays before update or delete on period_archive
    for each row execute function closed_period_stays();
create trigger period_archive_is_never_emptied before truncate on period_archive
    for each statement execute function period_refuses_truncate();

-- An adjustment belongs to the month that it corrects while that is open. What corrects a closed month counts in the open one and names it.
-- The lock is the one that a close holds until it is committed: an adjustment under way is waited for, and a later one sees the closed
-- month. Adjustments are few; other entries never come here.
create function adjustment_falls_into_an_open_month() returns trigger language plpgsql as $$
declare
    closed_until timestamptz;
    corrected timestamptz;
begin
    perform pg_advisory_xact_lock_shared(1818850414, 1885697636);
    closed_until := coalesce((select max(to_at) from period where closed_at is not null), '-infinity');
    if new.recorded_at < closed_until then
        raise exception 'an adjustment of % falls into a month that is closed; record it in the month that is open', new.recorded_at
            using errcode = 'restrict_violation';
    end if;
    corrected := (select s.init_at from liveness_session s where s.id = new.session_id);
    if corrected is null then
        -- No line makes the books begin before their first fee.
        corrected := (
            select greatest(
                least(greatest(coalesce(a.billed_at, t.period_from, t.first_at, new.recorded_at), t.period_from),
                      t.period_to - interval '1 microsecond'),
                (select e.init_at from ledger_entry e where e.kind = 'PRE_DEDUCT' order by e.init_at, e.session_id limit 1))
            from statement_acceptance a join statement t on t.id = a.statement_id where a.id = new.acceptance_id);
    end if;
    corrected := coalesce(least(corrected, new.recorded_at), new.recorded_at);
    if corrected < closed_until then
        new.of_month := (
            select p.month from period p where corrected >= p.from_at and corrected < p.to_at and p.closed_at is not null limit 1);
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

-- A table that nobody has analysed counts as ten pages; these have few rows, and no autovacuum for long.
analyze books_comparison, books_night, books_difference, caller_budget, caller_spent, period, period_archive, finance_request, audit_entry;
