-- The vendor's bills, as finance imports them, and what each of their lines was matched with. The ledger is never changed by one.

-- How the columns of a file are read, by name. The default one is configured and not in here.
create table statement_mapping (
    name       text primary key,
    definition jsonb not null,
    set_by     text not null,
    set_at     timestamptz not null
);

create table statement (
    id              uuid primary key,           -- UUIDv7: its order is the order of the imports
    status          text not null check (status in
        ('RECEIVING', 'READING', 'MATCHING', 'DONE', 'FAILED', 'WITHDRAWN', 'SUPERSEDED')),
    dry_run         boolean not null,           -- counts for nothing, and is removed after a while
    file_name       text,
    sha256          bytea,                      -- of the file; null while it is received
    mapping         text not null,
    definition      jsonb not null,             -- of the mapping, as it was at the import
    definition_hash bytea not null,
    currency        text not null check (currency ~ '^[A-Z]{3}$'),
    period_from     timestamptz,                -- as the import said; else first_at and last_at are the period
    period_to       timestamptz,
    invoice         bigint,                     -- minor units (分), like all amounts here
    charset         text,
    bytes           bigint not null default 0,
    bytes_read      bigint not null default 0,
    lines           integer not null default 0,
    lines_matched   integer not null default 0, -- looked up by now, whatever came of it
    first_at        timestamptz,
    last_at         timestamptz,
    sum_read        bigint,                     -- of all lines that could be read
    charged_read    bigint,                     -- of those of a charge
    lines_stated    integer,                    -- as the file says itself
    sum_stated      bigint,
    counts          jsonb not null default '{}', -- results by kind
    problem         jsonb,                      -- why the file is of no use: [{field, message}]
    supersedes      uuid references statement (id),
    superseded_by   uuid references statement (id),
    imported_by     text not null,
    imported_at     timestamptz not null,
    worked_at       timestamptz not null,       -- a sign of life of its import
    withdrawn_by    text,
    withdrawn_at    timestamptz,
    reason          text
);

-- The same bytes under the same mapping are one statement.
create unique index statement_once on statement (sha256, definition_hash)
    where not dry_run and status in ('READING', 'MATCHING', 'DONE');
-- What a later run of a file takes the place of.
create index statement_by_file on statement (sha256);
create index statement_listed on statement (id) where not dry_run and status <> 'RECEIVING';
-- What is left behind by an import that was broken off, and dry runs.
create index statement_passing on statement (worked_at) where dry_run or status = 'RECEIVING';

-- A file while it is read: it has to be read twice, and there is no disk to keep it on.
create table statement_piece (
    statement_id uuid not null references statement (id),
    nth          integer not null,
    bytes        bytea not null,
    primary key (statement_id, nth)
);
alter table statement_piece alter column bytes set storage external;

create table statement_line (
    statement_id uuid not null references statement (id),
    line         integer not null,              -- of the file, from 1
    task_no      text,
    at           timestamptz,
    status       text check (status in ('PRE_DEDUCTED', 'CHARGED', 'REFUNDED')),
    amount       bigint,
    problem      text,                          -- why it cannot be read; the rest is then what could be
    primary key (statement_id, line),
    check (problem is not null or (task_no is not null and at is not null and status is not null and amount is not null))
);
create index line_by_task_no on statement_line (statement_id, task_no, line) where task_no is not null;

-- The results: for each line, and for each session of the period that has none.
create table statement_match (
    id            uuid primary key,             -- the statement's first 22 digits, then the place in it
    statement_id  uuid not null references statement (id),
    kind          text not null,
    line          integer,
    session_id    uuid,
    task_no       text,
    ours_status   text,
    ours_basis    text,
    ours_amount   bigint,
    ours_currency text,
    ours_at       timestamptz,                  -- of the pre-deduction
    theirs_status text,
    theirs_amount bigint,
    theirs_at     timestamptz,
    presumption   text check (presumption in ('CONFIRMED', 'CONTRADICTED')),
    detail        text
);
create index match_by_kind on statement_match (statement_id, kind, id);
create index match_by_session on statement_match (session_id, statement_id) where session_id is not null;
-- Lines that are of no session by their number, among which those of lost answers are sought by time.
create index match_unknown on statement_match (statement_id, theirs_at, id) where kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS');

analyze statement_mapping, statement, statement_piece, statement_line, statement_match;
