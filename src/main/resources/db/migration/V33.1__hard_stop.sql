-- What a caller with a budget has spent in a month, up to a moment before which none of its fees changes any more: each has ended, as charged or
-- as returned. So the figure stays right whatever happens later, and only the fees since then are summed. The service moves it on.
create table caller_spent (
    caller     text not null,
    currency   text not null,
    month_from timestamptz not null,                -- when the month begins, in the time zone of prices
    upto       timestamptz not null,                -- fees of inits before it are in the sum
    spent      bigint not null,                     -- minor units
    primary key (caller, currency, month_from)
);

analyze caller_spent;

-- How many sessions a caller may open before its budget of the month is spent: the open that reaches the budget is the last one. What
-- is spent is what the ledger has, pre-deducted and not returned, and one fee for each open that has no outcome yet. Of a fee of 0, that
-- spends nothing, there is no limit while something is left.
--
-- Opens of one caller come one after the other through here, on all replicas, by the lock of session_may_open. Each statement of this
-- function sees what was committed before it began, so it sees what those before in the line have stored.
create function budget_room(whose text, budget_currency text, budget bigint, fee bigint, month_began timestamptz)
    returns bigint language plpgsql volatile as $$
declare
    since timestamptz;
    used bigint;
begin
    perform pg_advisory_xact_lock(1818850414, hashtext(whose));
    select c.upto, c.spent into since, used from caller_spent c
        where c.caller = whose and c.currency = budget_currency and c.month_from = month_began;
    used := coalesce(used, 0)
        + coalesce((select sum(s.fee_amount) from liveness_session s
                    where s.caller = whose and s.fee_amount is not null and s.init_at >= coalesce(since, month_began)
                      and s.fee_currency = budget_currency and s.charge_status <> 'REFUNDED'), 0)
        + fee * (select count(*) from liveness_session s where s.caller = whose and s.status = 'OPENING');
    return case when used >= budget then 0
                when fee = 0 then 1000000000
                else (budget - used + fee - 1) / fee end;
end
$$;
