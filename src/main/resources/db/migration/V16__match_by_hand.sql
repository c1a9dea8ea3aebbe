-- Lines that people have given to a session, see docs/decisions/0049. The results themselves are in statement_match, as all are.
create table match_by_hand (
    id            uuid primary key,              -- UUIDv7
    difference_id uuid not null,                 -- of the line
    statement_id  uuid not null references statement (id),
    session_id    uuid not null,
    kind          text not null,                 -- what the matching had said of the line
    earlier       jsonb not null,                -- the rows of statement_match in whose place it stands
    reason        text not null,
    matched_by    text not null,
    matched_at    timestamptz not null,
    undone_by     text,
    undone_at     timestamptz,
    undone_reason text
);

-- A line is of one session, and a session of one line of a statement.
create unique index by_hand_of_line on match_by_hand (difference_id) where undone_at is null;
create unique index by_hand_of_session on match_by_hand (statement_id, session_id) where undone_at is null;
create index by_hand_by_statement on match_by_hand (statement_id);

-- The results of each kind, some more and some less.
create function counts_changed(counts jsonb, changes jsonb) returns jsonb immutable language sql as $$
    select coalesce(jsonb_object_agg(kind, n), '{}')
    from (
        select kind, sum(n) as n
        from (
            select key as kind, value::bigint as n from jsonb_each_text(counts)
            union all select c ->> 'kind', (c ->> 'n')::bigint from jsonb_array_elements(changes) c) every
        group by kind having sum(n) <> 0) summed
$$;

-- Both a match by hand and an acceptance hold the row of the statement. The one that waited has judged by what was there before: these look
-- after the wait.
create function by_hand_where_nothing_is_accepted() returns trigger language plpgsql as $$
begin
    if exists (select from statement_acceptance a where a.state <> 'UNDONE' and a.difference_id = new.difference_id)
       or exists (
           select from statement_acceptance a
           where a.state <> 'UNDONE' and a.session_id = new.session_id and a.statement_id = new.statement_id
             and a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')) then
        raise exception 'accepted meanwhile' using errcode = 'check_violation';
    end if;
    return null;
end
$$;

create trigger nothing_is_accepted after insert or update on match_by_hand
    for each row execute function by_hand_where_nothing_is_accepted();

create function accepted_as_it_is_matched() returns trigger language plpgsql as $$
begin
    if exists (select from match_by_hand h where h.statement_id = new.statement_id)
       and not exists (
           select from statement_match m
           where m.id = new.difference_id and m.kind = new.kind and m.session_id is not distinct from new.session_id) then
        raise exception 'matched meanwhile' using errcode = 'check_violation';
    end if;
    return null;
end
$$;

create trigger as_it_is_matched after insert on statement_acceptance
    for each row execute function accepted_as_it_is_matched();

analyze match_by_hand;
