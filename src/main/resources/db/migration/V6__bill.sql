-- The vendor's bills, as finance imports them, and what each of their lines was matched with. The ledger is never changed by one.

-- How the columns of a file are read, by name. The default one is configured and not in here.
create table statement_mapping (
    name       text primary key,
    definition jsonb not null,
    set_by     text not null,
    set_at     timestamptz not null
);

create table statement (
    id              uuid primary key,            -- UUIDv7: its order is the order of the imports
    status          text not null,
    dry_run         boolean not null,            -- counts for nothing, and is removed after a while

    file_name       text,
    sha256          bytea not null,              -- of the file
    mapping         text not null,
    definition      jsonb not null,              -- of the mapping, as it was at the import
    definition_hash bytea not null,
    currency        text not null,
    period_from     timestamptz,                 -- as the import said; else first_at and last_at are the period
    period_to       timestamptz,
    invoice         bigint,
    imported_by     text not null,
    imported_person jsonb,                       -- {issuer, subject, name}, as in all columns …_person; null for a service
    imported_at     timestamptz not null,
    worked_at       timestamptz not null,        -- a sign of life of its import

    -- What was read by now.
    charset         text,
    sheets          jsonb,                       -- of a workbook that is read: [{name, firstLine}]
    bytes           bigint not null default 0,
    bytes_read      bigint not null default 0,
    lines           integer not null default 0,
    lines_matched   integer not null default 0,  -- looked up by now, whatever came of it
    lines_outside   integer not null default 0,  -- of the period that the import states
    first_at        timestamptz,
    last_at         timestamptz,
    sum_read        bigint,                      -- of all lines that could be read
    charged_read    bigint,                      -- of those of a charge
    counts          jsonb not null default '{}', -- results by kind
    problem         jsonb,                       -- why the file is of no use: [{field, message}]

    supersedes      uuid constraint supersedes_a_statement references statement (id),
    superseded_by   uuid constraint superseded_by_a_statement references statement (id),
    withdrawing_by  text,                        -- who proposed to withdraw it, where that takes two people
    withdrawing_person jsonb,
    withdrawn_by    text,
    withdrawn_person jsonb,
    withdrawn_at    timestamptz,
    reason          text,

    in_effect       boolean generated always as (status = 'DONE' and not dry_run) stored,
    -- The period of the bill. A line's time is one of whole seconds; the zone makes the sum immutable and has no
    -- effect. A bill knows no fee that is opened after its import, whatever period the import states.
    begins          timestamptz generated always as (coalesce(period_from, first_at)) stored,
    ends            timestamptz generated always as (least(imported_at,
        coalesce(period_to, (last_at at time zone 'UTC' + interval '1 second') at time zone 'UTC'))) stored,

    constraint status_is_known check (status in
        ('READING', 'MATCHING', 'DONE', 'FAILED', 'WITHDRAWN', 'SUPERSEDED')),
    constraint currency_is_iso check (currency ~ '^[A-Z]{3}$')
);

-- One statement counts, or is under way, for the same bytes under the same mapping.
create unique index statement_once on statement (sha256, definition_hash)
    where not dry_run and status in ('READING', 'MATCHING', 'DONE');
-- What a later run of a file takes the place of.
create index statement_by_file on statement (sha256);
-- The bills of a month.
create index statement_by_span on statement using gist (tstzrange(begins, greatest(begins, ends)));
create index statement_listed on statement (id) where not dry_run;
create index statement_passing on statement (worked_at) where dry_run;
-- The index finds statements whose process has ended.
create index statement_under_way on statement (worked_at) where status in ('READING', 'MATCHING');

-- Whether a bill of that time is compared.
create function bill_is_compared(at timestamptz) returns boolean stable language sql as $$
    select exists (select from statement where in_effect and begins <= at and at < ends)
$$;

-- An import gives a sign of life each second, and its transaction holds a lock. Without either it has failed with its process.
create function is_worked_on(statement uuid, worked_at timestamptz) returns boolean stable language sql as $$
    select worked_at > liveness_now() - interval '15 seconds' or exists (
        select from pg_locks
        where locktype = 'advisory' and objsubid = 1 and classid::bigint << 32 | objid::bigint = hashtextextended(statement::text, 0)
          and database = (select oid from pg_database where datname = current_database()))
$$;

-- A file while it is read: it has to be read twice, and there is no disk to keep it on. It is kept for its import alone, which ends with
-- the database as with its process: so it is unlogged. A piece that is lost is noticed.
-- Its statement is stored once it has come whole.
create unlogged table statement_piece (
    statement_id uuid not null,
    nth          integer not null,
    bytes        bytea not null,
    received_at  timestamptz not null default liveness_now(),
    primary key (statement_id, nth)
);
alter table statement_piece alter column bytes set storage external;

-- The bytes of each file that an import has made a statement of, once for the same bytes: books, which are kept. They are written in the
-- transaction that makes the statement DONE. PostgreSQL compresses each piece.
create table statement_file (
    sha256  bytea not null,
    nth     integer not null,                    -- from 0 on
    content bytea not null,
    primary key (sha256, nth)
);

create function statement_file_stays() returns trigger language plpgsql as $$
begin
    raise exception 'statement_file is append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$$;

create trigger statement_file_refuses_changes before update or delete or truncate on statement_file
    for each statement execute function statement_file_stays();

-- What finance states of the invoice of a statement after its import.
create table statement_invoice (
    statement_id uuid primary key constraint invoice_of_a_statement references statement (id),
    number       text,
    dated        date,
    total        bigint,                         -- null where the import states it, or nobody does
    tax          bigint,
    tax_rate     numeric(4, 2),                  -- in percent
    paid_on      date,
    set_by       text not null,
    set_at       timestamptz not null
);

-- The results: for each line, and for each session of the period that has none. They are written in the transaction that makes their
-- statement DONE, and are deleted before it. A foreign key would look at the statement for each of a million results.
create table statement_match (
    id            uuid primary key,              -- the statement's first 22 digits, then the place in it
    statement_id  uuid not null,
    kind          text not null,
    line          integer,                       -- of the file, from 1; of each further sheet from 10000001, 20000001 … on
    session_id    uuid,
    task_no       text,
    ours_status   text,
    ours_basis    text,
    ours_amount   bigint,
    ours_currency text,
    ours_at       timestamptz,                   -- of the pre-deduction
    theirs_status text,
    theirs_amount bigint,
    theirs_at     timestamptz,
    presumption   text,
    detail        jsonb,                         -- what is said of it: {code, …values}
    cells         jsonb,                         -- the texts of an unreadable line, as the file has them, of the first ones of the statement
    constraint presumption_is_known check (presumption in ('CONFIRMED', 'CONTRADICTED'))
);

-- A bill adds its results at once and is matched beside them in the same transaction. Estimates by what earlier bills hold would take a
-- million of them for one, and compare each with each fee.
alter table statement_match
    alter column statement_id set statistics 0,
    alter column line set statistics 0,
    alter column kind set statistics 0,
    alter column theirs_status set statistics 0;

-- Lists are of results that did not match: few. All results of a statement are found by their ids, which begin as its own.
create index unmatched_by_kind on statement_match (statement_id, kind, id) where kind <> 'MATCHED';
create index match_by_session on statement_match (session_id, statement_id) where session_id is not null;
-- Few: lines of no session that charge.
create index charge_of_no_session on statement_match (task_no) where session_id is null and theirs_status = 'CHARGED';

-- Whether a line is of a fee, by the kind of its result; and whether a difference, once accepted, corrects what the books say of a fee.
create function line_has_fee(kind text) returns boolean immutable language sql as $$
    select kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
$$;
create function corrects_fee(kind text) returns boolean immutable language sql as $$
    select kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
$$;

-- Whether one has acted twice. People are told apart by issuer and subject, not by the client in between; who is not known to be a person,
-- by the name.
create function is_same_actor(who text, person jsonb, other text, others_person jsonb) returns boolean immutable language sql as $$
    select coalesce(person - 'name' = others_person - 'name', who = other)
$$;

-- Differences are worked: see docs/decisions/0047. One that is accepted leads to an adjustment, which a counter-entry undoes. A second
-- person confirms it above a limit.
create table statement_acceptance (
    id            uuid primary key,              -- UUIDv7
    difference_id uuid not null,
    statement_id  uuid not null constraint acceptance_of_a_statement references statement (id),
    kind          text not null,
    session_id    uuid,                          -- null for a line of no session
    task_no       text,
    billed_at     timestamptz,                   -- as the line has it
    state         text not null,
    amount        bigint not null,               -- what the adjustment adds; 0: there is none
    waived        bigint,                        -- what the bill says and the ledger does not get; null: nobody knows it
    currency      text not null,
    reason        text not null,
    accepted_by   text not null,                 -- or proposed
    accepted_person jsonb,
    accepted_at   timestamptz not null,
    confirmed_by  text,
    confirmed_person jsonb,
    confirmed_at  timestamptz,
    posted_at     timestamptz,                   -- when the adjustment was entered
    undoing_by    text,                          -- who proposed to undo what a second person has confirmed: two undo it
    undoing_person jsonb,
    undone_by     text,
    undone_person jsonb,
    undone_at     timestamptz,
    undone_reason text,
    constraint state_is_known check (state in ('PROPOSED', 'ACCEPTED', 'UNDONE')),
    constraint currency_is_iso check (currency ~ '^[A-Z]{3}$'),
    constraint another_person_confirms check (confirmed_at is null
        or confirmed_person is not null and not is_same_actor(accepted_by, accepted_person, confirmed_by, confirmed_person)),
    constraint accepted_is_posted check (state = 'UNDONE' or (state = 'ACCEPTED' and amount <> 0) = (posted_at is not null)),
    constraint waived_is_not_negative check (waived >= 0)
);

-- A difference is accepted once. So is what is said of a fee, whatever statement says it. What adjusts by nothing says nothing of a fee: it
-- may be missing on one bill since another one has it.
create unique index acceptance_standing on statement_acceptance (difference_id) where state <> 'UNDONE';
create unique index acceptance_of_fee on statement_acceptance (session_id, kind)
    where state <> 'UNDONE' and session_id is not null and corrects_fee(kind) and amount <> 0;
create index acceptance_by_statement on statement_acceptance (statement_id, state, difference_id);
create index acceptance_revoking on statement_acceptance (statement_id) where state = 'ACCEPTED' and undoing_by is not null;
-- What was posted without a second person.
create index acceptance_alone on statement_acceptance (statement_id)
    where state = 'ACCEPTED' and confirmed_at is null and (amount <> 0 or waived <> 0);

-- When the line of an acceptance was billed: within the period of its bill, at the given time where neither says one. Null without an
-- acceptance.
create function acceptance_billed_at(acceptance uuid, otherwise timestamptz) returns timestamptz stable language sql as $$
    select least(greatest(coalesce(a.billed_at, t.period_from, t.first_at, otherwise), t.period_from), t.period_to - interval '1 microsecond')
    from statement_acceptance a join statement t on t.id = a.statement_id
    where a.id = acceptance
$$;

-- Whether two people have confirmed adjustments of a statement: then it takes two to withdraw it.
create function needs_two_to_undo(statement uuid) returns boolean stable language sql as $$
    select exists (
        select from statement_acceptance a
        where a.statement_id = statement and a.state = 'ACCEPTED' and a.confirmed_at is not null)
$$;

-- What the withdrawal of a statement undoes, without signs: what it charges, or what was accepted of it if that is more. Null when it does
-- not count.
create function statement_weight(statement uuid) returns numeric stable language sql as $$
    select greatest(abs(coalesce(s.charged_read, 0)), (
        select sum(greatest(abs(a.amount), a.waived)) from statement_acceptance a where a.statement_id = s.id and a.state = 'ACCEPTED'))
    from statement s where s.id = statement and s.in_effect
$$;

-- The amount in minor units, for the audit list: 805000 ten-thousandths are 80.5.
create function minor_units(ten_thousandths numeric) returns text immutable language sql as $$
    select trim_scale(ten_thousandths / 10000)::text
$$;

-- A statement that counts no more undoes what it led to, with the change of its status: an acceptance under way holds its row. Each
-- acceptance that is undone, and the statement itself, is on the audit list. What two people have confirmed is undone by a withdrawal,
-- which two people decide.
--
-- The time is that of the act. liveness_now() is that at which its transaction began: of a bill that another one corrects, the begin of
-- that import, and what it undoes may have been accepted since then. The month of an entry is found by the trigger of the ledger.
create function statement_undoes_its_acceptances() returns trigger language plpgsql as $$
declare
    done_at constant timestamptz := liveness_now() + (clock_timestamp() - now());
    actor constant text := coalesce(
        case new.status when 'WITHDRAWN' then new.withdrawn_by
                        else (select s.imported_by from statement s where s.id = new.superseded_by) end, current_user);
    actor_person constant jsonb := case new.status
        when 'WITHDRAWN' then new.withdrawn_person
        else (select s.imported_person from statement s where s.id = new.superseded_by) end;
    why constant text := case new.status when 'WITHDRAWN' then new.reason else 'superseded by ' || new.superseded_by end;
    acceptances uuid[];
    -- An array of a million rows would be too large.
    at_once constant integer := 10000;
begin
    with undone as (
        update statement_acceptance
        set state = 'UNDONE', undone_at = done_at, undone_by = actor, undone_person = actor_person, undone_reason = why
        where statement_id = new.id and state in ('PROPOSED', 'ACCEPTED')
        returning id
    )
    select array_agg(id) into acceptances from undone;
    perform ledger_adjust(array_agg((session_id, task_no, -amount, currency, done_at, id)::ledger_adjustment))
    from (select a.*, row_number() over () / at_once as part
          from statement_acceptance a where id = any (acceptances) and posted_at is not null) undone
    group by part;
    perform audit_record(array_agg((done_at, actor, actor_person, 'difference-unaccepted', difference_id,
        jsonb_build_object('statement', statement_id, 'minorAmount', minor_units(amount), 'currency', currency, 'state', state,
            'reason', undone_reason))::audit_act))
    from (select a.*, row_number() over () / at_once as part from statement_acceptance a where id = any (acceptances)) undone
    group by part;
    if not new.dry_run then
        perform audit_record(array[(done_at, actor, actor_person, 'statement-' || lower(new.status), new.id,
            jsonb_strip_nulls(jsonb_build_object('reason', why, 'undone', cardinality(acceptances)::text,
                'minorAmounts', string_agg(currency || ' ' || minor_units(posted), ', ' order by currency),
                'proposedBy', new.withdrawing_by)))::audit_act])
        from (select currency, sum(-amount) as posted
              from statement_acceptance where id = any (acceptances) and posted_at is not null group by currency) undone;
    end if;
    return null;
end
$$;

create trigger statement_counts_no_more after update of status on statement
    for each row when (old.status = 'DONE' and new.status = 'SUPERSEDED' or old.status <> 'WITHDRAWN' and new.status = 'WITHDRAWN')
    execute function statement_undoes_its_acceptances();

-- Who looks after a difference, and what was written down about it.
create table difference_note (
    difference_id uuid primary key,
    statement_id  uuid not null constraint note_of_a_statement references statement (id),
    note          text,
    assignee      text,
    set_by        text not null,
    set_at        timestamptz not null
);
create index note_by_assignee on difference_note (statement_id, assignee, difference_id);

-- Lines that people have given to a session. The results themselves are in statement_match, as all are.
create table match_by_hand (
    id            uuid primary key,              -- UUIDv7
    difference_id uuid not null,                 -- of the line
    statement_id  uuid not null constraint by_hand_of_a_statement references statement (id),
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

-- A table without statistics counts as ten pages; these have few rows, and no autovacuum for long.
analyze statement_mapping, statement, statement_piece, statement_file, statement_invoice, statement_match, statement_acceptance, difference_note, match_by_hand;

-- What other rooms read of this one: bills, what their lines and our fees were found to be, and what was accepted of it.
create view vendor_bill as
    select s.id, s.status, s.dry_run, s.in_effect, s.file_name, s.sha256, s.mapping, s.currency, s.period_from, s.period_to, s.begins, s.ends,
           tstzrange(s.begins, greatest(s.begins, s.ends)) as span,
           s.first_at, s.last_at, s.lines, s.lines_outside, s.counts, s.charged_read, coalesce(s.invoice, i.total) as invoice,
           i.number as invoice_number, i.dated as invoice_date, i.tax as invoice_tax, i.tax_rate as invoice_tax_rate,
           i.paid_on as invoice_paid_on, s.imported_by, s.imported_person, s.imported_at, s.worked_at, s.superseded_by, s.withdrawn_by, s.withdrawn_person,
           s.withdrawn_at, s.reason
    from statement s left join statement_invoice i on i.statement_id = s.id;

create view bill_result as
    select id, statement_id, kind, line, session_id, task_no, ours_status, ours_amount, ours_currency, ours_at, theirs_status, theirs_amount,
           theirs_at, detail
    from statement_match;

create view bill_acceptance as
    select id, difference_id, statement_id, kind, session_id, task_no, state, amount, currency, reason, accepted_by, accepted_person, accepted_at,
           confirmed_by, confirmed_person, confirmed_at, undone_by, undone_person, undone_at, undone_reason, waived
    from statement_acceptance;

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table statement_mapping is 'bill';
comment on table statement is 'bill';
comment on table statement_piece is 'bill';
comment on table statement_file is 'bill';
comment on table statement_invoice is 'bill';
comment on table statement_match is 'bill';
comment on table statement_acceptance is 'bill';
comment on table difference_note is 'bill';
comment on table match_by_hand is 'bill';
comment on view vendor_bill is 'bill';
comment on view bill_result is 'bill';
comment on view bill_acceptance is 'bill';
