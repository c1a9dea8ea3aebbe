-- Prices are finer than a 分: money is as fine as a ten-thousandth of a minor unit (0.000001 CNY).
--
-- Amounts of finance are ten-thousandths from now on. The release before has none of these tables.
update caller_budget set amount = amount * 10000;
update caller_spent set spent = spent * 10000;
update statement
set invoice = invoice * 10000, sum_read = sum_read * 10000, charged_read = charged_read * 10000, sum_stated = sum_stated * 10000
where num_nonnulls(invoice, sum_read, charged_read, sum_stated) > 0;
update statement_match set ours_amount = ours_amount * 10000, theirs_amount = theirs_amount * 10000
where num_nonnulls(ours_amount, theirs_amount) > 0;
update statement_acceptance set amount = amount * 10000 where amount <> 0;

alter table match_by_hand disable trigger nothing_is_accepted;
update match_by_hand
set earlier = (
    select jsonb_agg(r || jsonb_build_object(
        'ours_amount', (r ->> 'ours_amount')::bigint * 10000, 'theirs_amount', (r ->> 'theirs_amount')::bigint * 10000) order by nth)
    from jsonb_array_elements(earlier) with ordinality rows (r, nth));
alter table match_by_hand enable trigger nothing_is_accepted;

alter table period disable trigger period_stays_closed;
update period
set sums = (
    select coalesce(jsonb_agg(f || jsonb_build_object('amount', (f ->> 'amount')::bigint * 10000) order by nth), '[]')
    from jsonb_array_elements(sums) with ordinality figures (f, nth))
where sums is not null;
alter table period enable trigger period_stays_closed;

-- The release before reads and writes fees in whole minor units. So a fee keeps these, and what is beyond them stands beside it, with the
-- same sign: amount * 10000 + fraction are its ten-thousandths. This comes last, for its locks.
alter table liveness_session
    add column fee_fraction smallint not null default 0,
    add constraint fee_fraction_is_below_one check (fee_fraction between 0 and 9999) not valid;

alter table ledger_entry
    add column fraction smallint not null default 0,
    add constraint fraction_is_below_one check (
        case when amount > 0 then fraction between 0 and 9999
             when amount < 0 then fraction between -9999 and 0
             else abs(fraction) <= 9999 end
        and (fraction >= 0 or kind = 'ADJUSTMENT')) not valid;

alter table books_difference add column fee_fraction smallint not null default 0;

-- A charge or refund is of what was pre-deducted, to the last fraction. The release before writes none: it has that of the pre-deduction.
create or replace function ledger_ends_what_was_pre_deducted() returns trigger language plpgsql as $$
declare
    of_pre_deduction constant smallint := (
        select pre.fraction from ledger_entry pre
        where pre.session_id = new.session_id and pre.kind = 'PRE_DEDUCT' and pre.amount = new.amount and pre.currency = new.currency);
begin
    if of_pre_deduction is null or new.fraction not in (0, of_pre_deduction) then
        raise exception 'a % of session % needs a pre-deduction of the same amount', new.kind, new.session_id
            using errcode = 'restrict_violation';
    end if;
    new.fraction := of_pre_deduction;
    return new;
end
$$;

-- How many sessions a caller may open before its budget of the month is spent, as before, in ten-thousandths.
create or replace function budget_room(whose text, budget_currency text, budget bigint, fee bigint, month_began timestamptz)
    returns bigint language plpgsql volatile as $$
declare
    since timestamptz;
    used bigint;
begin
    perform pg_advisory_xact_lock(1818850414, hashtext(whose));
    select c.upto, c.spent into since, used from caller_spent c
        where c.caller = whose and c.currency = budget_currency and c.month_from = month_began;
    used := coalesce(used, 0)
        + coalesce((select sum(s.fee_amount * 10000 + s.fee_fraction) from liveness_session s
                    where s.caller = whose and s.fee_amount is not null and s.init_at >= coalesce(since, month_began)
                      and s.fee_currency = budget_currency and s.charge_status <> 'REFUNDED'), 0)
        + fee * (select count(*) from liveness_session s where s.caller = whose and s.status = 'OPENING');
    return case when used >= budget then 0
                when fee = 0 then 1000000000
                else (budget - used + fee - 1) / fee end;
end
$$;

-- In minor units, for the audit list: 805000 ten-thousandths are 80.5.
create function minor_units(ten_thousandths numeric) returns text immutable language sql as $$
    select trim_scale(ten_thousandths / 10000)::text
$$;

-- As before: with fractions in the ledger, and minor units on the audit list.
create or replace function statement_undoes_its_acceptances() returns trigger language plpgsql as $$
declare
    actor constant text := coalesce(
        case new.status when 'WITHDRAWN' then new.withdrawn_by
                        else (select s.imported_by from statement s where s.id = new.superseded_by) end, current_user);
    why constant text := case new.status when 'WITHDRAWN' then new.reason else 'superseded by ' || new.superseded_by end;
begin
    if new.status = 'SUPERSEDED' and undone_by_two(new.id) then
        raise exception 'statement % has adjustments that two people have confirmed: it is withdrawn by two people', new.id
            using errcode = 'restrict_violation';
    end if;
    with undone as (
        update statement_acceptance
        set state = 'UNDONE', undone_at = liveness_now(), undone_by = actor, undone_reason = why
        where statement_id = new.id and state in ('PROPOSED', 'ACCEPTED')
        returning *
    ), entry as (
        insert into ledger_entry (session_id, kind, task_no, basis, amount, fraction, currency, recorded_at, of_month, acceptance_id)
        select session_id, 'ADJUSTMENT', task_no, 'VENDOR', -amount / 10000, -amount % 10000, currency, liveness_now(),
               case when session_id is null then closed_month_of(billed_at) end, id
        from undone where posted_at is not null
    ), summed as (
        select string_agg(currency || ' ' || minor_units(sum), ', ' order by currency) as sums
        from (select currency, sum(-amount) as sum from undone where posted_at is not null group by currency) by_currency
    )
    insert into audit_entry (id, at, who, what, subject, detail)
    select gen_random_uuid(), liveness_now(), actor, 'difference-unaccepted', difference_id::text,
           jsonb_build_object('statement', statement_id::text, 'minorAmount', minor_units(amount), 'currency', currency, 'state', state,
               'reason', undone_reason)
    from undone
    union all
    select gen_random_uuid(), liveness_now(), actor, 'statement-superseded', new.id::text,
           jsonb_strip_nulls(jsonb_build_object('reason', why, 'undone', (select count(*) from undone)::text, 'minorAmounts', sums))
    from summed where new.status = 'SUPERSEDED';
    return null;
end
$$;
