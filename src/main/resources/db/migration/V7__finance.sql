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
            + coalesce((select sum(e.amount) from ledger e
                        where e.basis = 'IMPORTED' and e.caller = whose and e.recorded_at >= since
                          and e.init_at >= month_began and e.init_at < since and e.currency = budget_currency), 0)
            -- Offset 0 finds them by when they ended: of a caller's 6,700 refunds in a month, in 400,000 entries, the generic plan reads
            -- those of the last minutes in 0.05 ms, and all in 3 ms without.
            - coalesce((select sum(e.amount)
                        from (select * from ledger where caller = whose and kind = 'REFUND' and recorded_at >= since offset 0) e
                        where e.init_at >= month_began and e.init_at < since and e.currency = budget_currency), 0);
    end if;
    return spent_before
        + coalesce((select sum(e.amount) from ledger e
                    where e.kind = 'PRE_DEDUCT' and e.caller = whose and e.init_at >= since and e.init_at < month_ends
                      and e.currency = budget_currency), 0)
        - coalesce((select sum(e.amount) from ledger e
                    where e.kind = 'REFUND' and e.caller = whose and e.init_at >= since and e.init_at < month_ends
                      and e.currency = budget_currency), 0);
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
    -- One statement reads fees and opens at one moment, so that an open that gets its outcome meanwhile is in one of both.
    select budget_spent(whose, budget_currency, month_began, 'infinity') + fee * count(*) into used
        from unsettled_by_caller s where s.caller = whose and s.status = 'OPENING';
    return case when used >= budget then 0
                when fee = 0 then 1000000000
                else (budget - used + fee - 1) / fee end;
end
$$;

-- Months that were closed, softly or for good, or whose close is proposed: see docs/decisions/0044. A month without a row is open.
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
    findings       jsonb not null default '[]',  -- what it is closed in spite of by two people; a proposal names them
    proposed_at    timestamptz,                  -- the close, by the first person
    proposed_by    text,
    proposed_person jsonb,
    proposed_reason text,                        -- why the month is closed in spite of them
    confirmed_at   timestamptz,                  -- by the second person, with the close
    confirmed_by   text,
    confirmed_person jsonb,
    constraint month_is_a_month check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    constraint month_has_time check (from_at < to_at),
    constraint hashes_are_sha256 check (proof_sha256 ~ '^[0-9a-f]{64}$' and archive_sha256 ~ '^[0-9a-f]{64}$'),
    constraint proposed_by_a_person check (
        (proposed_at is null) = (proposed_by is null) and (proposed_at is null) = (proposed_person is null)
        and (proposed_at is null) = (proposed_reason is null)),
    constraint findings_take_two_people check (closed_at is null or (findings = '[]') = (proposed_at is null)),
    constraint another_person_closes check (
        closed_at is null or proposed_at is null or coalesce(
            (confirmed_person ->> 'issuer', confirmed_person ->> 'subject') <> (proposed_person ->> 'issuer', proposed_person ->> 'subject'),
            false)),
    constraint soft_closed_by_a_caller check ((soft_closed_at is null) = (soft_closed_by is null)),
    constraint closed_with_its_proof check (
        (closed_at is null) = (closed_by is null) and (closed_at is null) = (proof_rows is null)
        and (closed_at is null) = (proof_sha256 is null) and (closed_at is null) = (sums is null))
);

-- The time until which all months are closed; null while none is.
create function books_closed_until() returns timestamptz stable language sql as $$
    select max(to_at) from period where closed_at is not null
$$;

create function closed_month_of(at timestamptz) returns text stable language sql as $$
    select month from period where at >= from_at and at < to_at and closed_at is not null limit 1
$$;

-- The file of a closed month for the archive, written with the close: a ZIP, in pieces.
create table period_archive (
    month   text not null,
    nth     integer not null,                    -- from 0 on
    content bytea not null,
    primary key (month, nth)
);
alter table period_archive alter column content set storage external; -- it is compressed

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

-- A table without statistics counts as ten pages; these have few rows, and no autovacuum for long.
analyze caller_budget, caller_spent, period, period_archive;

-- What other rooms read of this one: the months that were closed, softly or for good.
create view stored_month as
    select month, from_at, to_at from period;

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table caller_budget is 'finance';
comment on table caller_spent is 'finance';
comment on table period is 'finance';
comment on table period_archive is 'finance';
comment on view stored_month is 'finance';
