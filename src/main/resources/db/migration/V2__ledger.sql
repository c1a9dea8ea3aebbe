-- The books: rows are only ever added. A correction is one more row.
create table ledger_entry (
    id           bigint generated always as identity primary key,
    session_id   uuid not null,
    kind         text not null check (kind in ('PRE_DEDUCT', 'CHARGE', 'REFUND', 'ADJUSTMENT')),
    task_no      text,                            -- init's
    basis        text not null check (basis in ('VENDOR', 'RULE', 'PRESUMED')),
    amount       bigint not null,                 -- minor units (分)
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    recorded_at  timestamptz not null,
    check (amount >= 0 or kind = 'ADJUSTMENT')
);

-- One pre-deduction a session, and it ends once: as a charge or as a refund.
create unique index one_pre_deduction on ledger_entry (session_id) where kind = 'PRE_DEDUCT';
create unique index one_ending on ledger_entry (session_id) where kind in ('CHARGE', 'REFUND');
create index ledger_by_time on ledger_entry (recorded_at, kind);

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'ledger_entry is append-only: % refused; add an ADJUSTMENT instead', tg_op
        using errcode = 'restrict_violation';
end
$$;

create trigger ledger_refuses_changes before update or delete or truncate on ledger_entry
    for each statement execute function ledger_is_append_only();

-- A charge or refund is of what was pre-deducted, to the last 分.
create function ledger_ends_what_was_pre_deducted() returns trigger language plpgsql as $$
begin
    if not exists (select from ledger_entry pre
                   where pre.session_id = new.session_id and pre.kind = 'PRE_DEDUCT'
                     and pre.amount = new.amount and pre.currency = new.currency) then
        raise exception 'a % of session % needs a pre-deduction of the same amount', new.kind, new.session_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

create trigger ledger_ending_has_a_beginning before insert on ledger_entry
    for each row when (new.kind in ('CHARGE', 'REFUND')) execute function ledger_ends_what_was_pre_deducted();
