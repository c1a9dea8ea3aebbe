-- What a caller has open. With session_by_caller_and_status alone the planner reads the table from its beginning when it thinks
-- that many rows of it are open.
create index session_open_by_caller on liveness_session (caller) where status in ('OPENING', 'PENDING');

-- Whether a caller may open one more session. Opens of one caller come one after the other through here, on all replicas: the
-- lock is held to the end of the transaction, which is the one statement that stores the session. Others are not held up,
-- except those whose names happen to have the same hash.
--
-- Two statements, in this order: each statement of a volatile function sees what was committed before it began, so the count sees
-- what those before us in the line have stored. The statement that calls this began before the wait and does not see it.
--
-- It is the first lock that an open takes, and whoever holds it waits for none that is held by somebody who wants it.
create function session_may_open(whose text, at_most integer) returns boolean language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(1818850414, hashtext(whose));
    -- No further than it has to.
    return (select count(*) from (
                select from liveness_session
                where caller = whose and status in ('OPENING', 'PENDING')
                limit at_most) open) < at_most;
end
$$;
