-- What a second person has confirmed is undone by two: the first one proposes it.
alter table statement_acceptance
    add column undoing_by  text,                 -- who proposed to undo it
    add column undoing_iss text,
    add column undoing_sub text;

alter table statement
    add column withdrawing_by  text,             -- who proposed to withdraw it
    add column withdrawing_iss text,
    add column withdrawing_sub text,
    add column withdrawing_at  timestamptz;

-- Whether two people have confirmed adjustments of a statement.
create function undone_by_two(statement uuid) returns boolean stable language sql as $$
    select exists (
        select from statement_acceptance a
        where a.statement_id = statement and a.state = 'ACCEPTED' and a.confirmed_at is not null and a.amount <> 0)
$$;

-- A statement that counts no more undoes what it led to, with the change of its status: an acceptance under way holds its row. Each
-- acceptance that is undone, and a statement that is superseded, is on the audit list; amounts are in minor units. What two people have
-- confirmed is undone by a withdrawal, which two people decide.
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
        insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, of_month, acceptance_id)
        select session_id, 'ADJUSTMENT', task_no, 'VENDOR', -amount, currency, liveness_now(),
               case when session_id is null then closed_month_of(billed_at) end, id
        from undone where posted_at is not null
        returning amount, currency
    ), summed as (
        select string_agg(currency || ' ' || sum, ', ' order by currency) as sums
        from (select currency, sum(amount) as sum from entry group by currency) by_currency
    )
    insert into audit_entry (id, at, who, what, subject, detail)
    select gen_random_uuid(), liveness_now(), actor, 'difference-unaccepted', difference_id::text,
           jsonb_build_object('statement', statement_id::text, 'minorAmount', amount::text, 'currency', currency, 'state', state,
               'reason', undone_reason)
    from undone
    union all
    select gen_random_uuid(), liveness_now(), actor, 'statement-superseded', new.id::text,
           jsonb_strip_nulls(jsonb_build_object('reason', why, 'undone', (select count(*) from undone)::text, 'minorAmounts', sums))
    from summed where new.status = 'SUPERSEDED';
    return null;
end
$$;
