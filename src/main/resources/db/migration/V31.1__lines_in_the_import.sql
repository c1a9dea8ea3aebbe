-- The lines of a bill are in a temporary table of the transaction that matches them: results have all that is kept of them.
drop table statement_line;

-- Lines outside of the period that the import states.
alter table statement add column lines_outside integer not null default 0;

-- An import gives a sign of life each second. Without one it has failed with its process.
create function is_worked_on(worked_at timestamptz) returns boolean stable language sql as $$
    select worked_at > liveness_now() - interval '15 seconds'
$$;

-- Those whose process has ended.
create index statement_under_way on statement (worked_at) where status in ('READING', 'MATCHING');
