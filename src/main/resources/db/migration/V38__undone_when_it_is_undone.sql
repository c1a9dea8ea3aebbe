-- As before, at the time of the act. liveness_now() is that at which its transaction began: of a bill that another one corrects, the begin of
-- that import, and what it undoes may have been accepted since then. The month of an entry is found by the trigger of the ledger.
create or replace function statement_undoes_its_acceptances() returns trigger language plpgsql as $$
declare
    done_at constant timestamptz := liveness_now() + (clock_timestamp() - now());
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
        set state = 'UNDONE', undone_at = done_at, undone_by = actor, undone_reason = why
        where statement_id = new.id and state in ('PROPOSED', 'ACCEPTED')
        returning *
    ), entry as (
        insert into ledger_entry (session_id, kind, task_no, basis, amount, fraction, currency, recorded_at, acceptance_id)
        select session_id, 'ADJUSTMENT', task_no, 'VENDOR', -amount / 10000, -amount % 10000, currency, done_at, id
        from undone where posted_at is not null
    ), summed as (
        select string_agg(currency || ' ' || minor_units(sum), ', ' order by currency) as sums
        from (select currency, sum(-amount) as sum from undone where posted_at is not null group by currency) by_currency
    )
    insert into audit_entry (id, at, who, what, subject, detail)
    select gen_random_uuid(), done_at, actor, 'difference-unaccepted', difference_id::text,
           jsonb_build_object('statement', statement_id::text, 'minorAmount', minor_units(amount), 'currency', currency, 'state', state,
               'reason', undone_reason)
    from undone
    union all
    select gen_random_uuid(), done_at, actor, 'statement-superseded', new.id::text,
           jsonb_strip_nulls(jsonb_build_object('reason', why, 'undone', (select count(*) from undone)::text, 'minorAmounts', sums))
    from summed where new.status = 'SUPERSEDED';
    return null;
end
$$;
