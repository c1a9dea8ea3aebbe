-- What callers may spend in a month, where it is set by the API: one row for each of them. Configured budgets are not in here.
create table caller_budget (
    caller    text primary key,
    amount    bigint not null check (amount >= 0),      -- minor units (分)
    currency  text not null check (currency ~ '^[A-Z]{3}$'),
    hard_stop boolean not null,                         -- nothing is opened once it is spent
    set_by    text not null,
    set_at    timestamptz not null
);

analyze caller_budget;
