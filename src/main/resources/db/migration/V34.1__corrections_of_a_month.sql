-- An adjustment belongs to the month that it corrects while that is open: it counts at the time of its fee, or of its line within the period
-- of the bill. Null where it counts at the time it was recorded.
alter table ledger_entry add column counted_at timestamptz;

-- A close is one transaction: nothing tells that it has begun.
alter table period drop constraint closed_with_its_proof;
alter table period drop column closing_at;
alter table period add constraint closed_with_its_proof check (
    (closed_at is null) = (closed_by is null) and (closed_at is null) = (proof_rows is null)
    and (closed_at is null) = (proof_sha256 is null) and (closed_at is null) = (sums is null));

-- What a month was closed in spite of.
alter table period add column warnings jsonb not null default '[]';

-- The lock is the one that a close holds until it is committed: an adjustment under way is waited for, and a later one sees the closed
-- month. What corrects a closed month counts in the open one and names it. Adjustments are few; other entries never come here.
create or replace function adjustment_falls_into_an_open_month() returns trigger language plpgsql as $$
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
                (select s.init_at from liveness_session s where s.fee_amount is not null order by s.init_at, s.id limit 1))
            from statement_acceptance a join statement t on t.id = a.statement_id where a.id = new.acceptance_id);
    end if;
    corrected := coalesce(least(corrected, new.recorded_at), new.recorded_at);
    if corrected < closed_until then
        new.of_month := (select p.month from period p where corrected >= p.from_at and corrected < p.to_at and p.closed_at is not null limit 1);
        new.counted_at := null;
    else
        new.of_month := null;
        new.counted_at := nullif(corrected, new.recorded_at);
    end if;
    return new;
end
$$;
