-- Months that were closed, softly or for good: see docs/decisions/0044. A month without a row is open.
create table period (
    month          text primary key check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    from_at        timestamptz not null,          -- as months began when it was closed; the next one begins where it ends
    to_at          timestamptz not null,
    soft_closed_at timestamptz,
    soft_closed_by text,
    closing_at     timestamptz,                   -- from then on no adjustment of that time is taken
    closed_at      timestamptz,
    closed_by      text,
    proof_rows     bigint,                        -- lines of the proof
    proof_sha256   text check (proof_sha256 ~ '^[0-9a-f]{64}$'),
    sums           jsonb,                         -- a figure each by currency and standing, in minor units
    check (from_at < to_at),
    constraint soft_closed_by_a_caller check ((soft_closed_at is null) = (soft_closed_by is null)),
    constraint closed_with_its_proof check (
        (closed_at is null) = (closed_by is null) and (closed_at is null) = (proof_rows is null)
        and (closed_at is null) = (proof_sha256 is null) and (closed_at is null) = (sums is null)
        and (closed_at is null or closing_at is not null))
);

-- What a key of a caller led to.
create table period_request (
    caller          text not null,
    idempotency_key text not null,
    month           text not null,
    act             text not null check (act in ('SOFT_CLOSE', 'CLOSE')),
    at              timestamptz not null,
    primary key (caller, idempotency_key)
);

-- The month that an adjustment corrects, when that was closed before.
alter table ledger_entry add column of_month text;

create function closed_period_stays() returns trigger language plpgsql as $$
begin
    raise exception 'period % is closed: % refused; add an ADJUSTMENT instead, which falls into the open month', old.month, tg_op
        using errcode = 'restrict_violation';
end
$$;

create trigger period_stays_closed before update or delete on period
    for each row when (old.closed_at is not null) execute function closed_period_stays();

create function period_refuses_truncate() returns trigger language plpgsql as $$
begin
    raise exception 'period: TRUNCATE refused' using errcode = 'restrict_violation';
end
$$;

create trigger period_is_never_emptied before truncate on period
    for each statement execute function period_refuses_truncate();

-- An adjustment belongs to the month in which it is recorded. The lock is the one that begins a closing: an adjustment under way is
-- waited for, and a later one sees that the closing has begun. Adjustments are few; other entries never come here.
create function adjustment_falls_into_an_open_month() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(1818850414, 1885697636);
    if exists (select from period where closing_at is not null and new.recorded_at < to_at) then
        raise exception 'an adjustment of % falls into a month that is closed; record it in the month that is open', new.recorded_at
            using errcode = 'restrict_violation';
    end if;
    if new.of_month is null then
        new.of_month := (select p.month from liveness_session s join period p on s.init_at >= p.from_at and s.init_at < p.to_at
                         where s.id = new.session_id and p.closed_at is not null limit 1);
    elsif new.of_month !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' then
        raise exception 'of_month is no month: %', new.of_month using errcode = 'check_violation';
    end if;
    return new;
end
$$;

create trigger ledger_adjusts_the_open_month before insert on ledger_entry
    for each row when (new.kind = 'ADJUSTMENT') execute function adjustment_falls_into_an_open_month();

analyze period;
analyze period_request;
