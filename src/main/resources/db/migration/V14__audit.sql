-- Who did what to the books and their rules: rows are only ever added, as those of the ledger.
create table audit_entry (
    id      uuid primary key,
    at      timestamptz not null,
    who     text not null,                        -- the caller
    what    text not null check (what ~ '^[a-z]+(-[a-z]+)*$'),
    subject text not null,                        -- what it was done to
    detail  jsonb not null                        -- strings that belong to the kind of act; no token, address or metadata
);

-- The list, newest first: of all, of one caller, of a kind.
create index audit_by_time on audit_entry (at, id);
create index audit_by_who on audit_entry (who, at, id);
create index audit_by_what on audit_entry (what, at, id);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entry is append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$$;

create trigger audit_refuses_changes before update or delete or truncate on audit_entry
    for each statement execute function audit_is_append_only();

analyze audit_entry;
