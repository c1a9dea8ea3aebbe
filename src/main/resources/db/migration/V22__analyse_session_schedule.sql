-- V7 fills the schedule from stored sessions: its statements are planned by its statistics at once, not from the first autovacuum on.
-- An empty table is left alone: PostgreSQL would plan for no rows at all.
do $$
begin
    if exists (select from session_schedule) then
        analyze session_schedule;
    end if;
end
$$;
