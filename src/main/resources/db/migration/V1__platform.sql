-- Advisory locks of all rooms. Each is held to the end of its transaction; a shared one lets others share it. A key is two numbers, or one
-- that is a hash of a text, where two texts may meet: then the one waits for the other. AdvisoryLocksTest holds this list.
--
-- BILLS       (1818850414, 1835103331)              MatchStatement, ClosePeriod; shared: acts on a bill (StoreStatements), import_refused,
--                                                   which only tries. The bills that count do not change meanwhile.
-- MONTHS      (1818850414, 1885697636)              ClosePeriod; shared: the trigger of adjustments, import_refused, which only tries.
--                                                   No month is closed meanwhile. Whoever takes both has BILLS first.
-- COMPARISON  (1818850414, 1651470187)              CompareBooks: the minute and the night change the same rows.
-- GRANTS      (1818850414, 1735550318)              afterMigrate__grant: replicas that start together.
-- SANDBOX     (1818850414, 1835625576)              MakeMonth: the sandbox's past is made once.
-- CALLER      (1818850414, hashtext(caller))        session_may_open, budget_room: what a caller has opened and spent is counted by one
--                                                   open at a time. The first lock that an open takes.
-- ENDPOINTS   (1818850415, hashtext(caller))        endpoint_may_be_created: a caller's endpoints are counted by one creation at a time.
-- CALLS       hashtextextended('vendor_budget', 0)  vendor_budget_take, vendor_budget_slow_down: the moments of the vendor's budget.
-- TASK        hashtextextended(task number, 1)      fee_booked_as: the fee of a number is booked once.
-- TOKEN       hashtextextended(hash in hex, 0)      import_refused: the session of a token is imported once.
-- FILE        hashtextextended(SHA-256 in hex, 0)   StoreStatements: a file that comes twice is one statement.
-- ALONE       hashtextextended(the person, 2)      AcceptDifferences: what a person, or all services, have accepted alone is counted by one
--                                                   acceptance at a time.
-- STATEMENT   hashtextextended(id, 0)               ImportStatement: is_worked_on sees that its import lives.

-- The database's clock. What is on the schedule, and fees, go by the time on which the replicas agree, which is a parameter: see
-- docs/decisions/0071. It has a name so that tests can move it. Stable, so that an index can be searched by it.
create function liveness_now() returns timestamptz language sql stable parallel safe return now();

-- A UUIDv7 (RFC 9562), as the service makes them: milliseconds, the version, and random bits.
create function new_id() returns uuid language sql volatile as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from liveness_now()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The table has no column or row: a server that only reads refuses to lock its rows, see DatabaseWatch.
create table write_probe ();

-- Who owns a table, which this room alone writes and reads, or a view, which all rooms may read.
comment on table write_probe is 'platform';
