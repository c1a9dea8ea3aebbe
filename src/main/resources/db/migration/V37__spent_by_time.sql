-- A sum of a caller's fees is of a moment: those pre-deducted before it that had not come back before it. Open ones are in it, so none holds
-- it back. What comes back later is found by its time. The release before has no budgets.
delete from caller_spent;

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
            -- Found by when they ended: the planner, which knows no times here, would read all of the month.
            - coalesce((select sum(s.fee_amount * 10000 + s.fee_fraction)
                        from (select * from liveness_session where caller = whose and charge_settled_at >= since offset 0) s
                        where s.charge_status = 'REFUNDED' and s.init_at >= month_began and s.init_at < since
                          and s.fee_currency = budget_currency), 0);
    end if;
    return spent_before
        + coalesce((select sum(s.fee_amount * 10000 + s.fee_fraction) from liveness_session s
                    where s.caller = whose and s.fee_amount is not null and s.init_at >= since and s.init_at < month_ends
                      and s.fee_currency = budget_currency and s.charge_status <> 'REFUNDED'), 0);
end
$$;

-- How many sessions a caller may open before its budget of the month is spent, as before.
create or replace function budget_room(whose text, budget_currency text, budget bigint, fee bigint, month_began timestamptz)
    returns bigint language plpgsql volatile as $$
declare
    used bigint;
begin
    perform pg_advisory_xact_lock(1818850414, hashtext(whose));
    -- Of one moment: an open that gets its outcome meanwhile is in one of both.
    select budget_spent(whose, budget_currency, month_began, 'infinity') + fee * count(*) into used
        from liveness_session s where s.caller = whose and s.status = 'OPENING';
    return case when used >= budget then 0
                when fee = 0 then 1000000000
                else (budget - used + fee - 1) / fee end;
end
$$;
