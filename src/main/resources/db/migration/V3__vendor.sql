-- The budget of vendor calls, over all replicas together: five moments in microseconds since 1970, each of them a sequence. A sequence is
-- changed in place: a long snapshot keeps no dead versions of it, as it does of a row. Unlogged, so that no flush of the log happens under
-- the lock. After a crash of the database, and on a promoted standby, the moments are unknown as at first.
create unlogged sequence vendor_budget_full_at minvalue 0;       -- the bucket is full again; each call taken puts it off by 1/rate
create unlogged sequence vendor_budget_opens_full_at minvalue 0; -- the same for opens, of which each takes two: its init and a final poll
create unlogged sequence vendor_budget_polls_full_at minvalue 0; -- the same for polls before the final ones, at the pace of slow_until
create unlogged sequence vendor_budget_slow_until minvalue 0;    -- that pace is the rate halved once for each 10 s from now until then
create unlogged sequence vendor_budget_slowed_at minvalue 0;     -- the vendor last asked for fewer calls

-- Takes calls from the bucket, or gives them back when wanted is negative. ahead is how many seconds ahead the purpose may reserve a call.
-- Only the database's clock counts, because the clocks of replicas differ by more than the time between two calls.
--
-- Answers how many calls are granted, and in how many seconds the first one may be made by the bucket and by the bound of opens. Negative
-- is in the past.
--
-- A moment that is further ahead than calls can put it was written before the database's clock was set back. It is brought back to the
-- furthest that it can be, because until it came no call would be granted.
create function vendor_budget_take(purpose text, rate float8, ahead float8, wanted integer,
                                   out granted integer, out first_in float8, out open_in float8)
language plpgsql volatile as $$
declare
    second constant bigint := 1000000;
    -- An open costs two calls. At least one open is in a full bucket.
    opens_burst constant float8 := greatest(1, 2 / rate);
    now bigint;
    busy bigint;
    opens_busy bigint;
    polls_busy bigint;
    slow bigint;
    pace float8;
    room float8;
begin
    perform pg_advisory_xact_lock(hashtextextended('vendor_budget', 0));
    now := extract(epoch from clock_timestamp()) * second;
    if pg_sequence_last_value('vendor_budget_full_at') is null then
        -- Empty: what was taken before a crash of the database is not known any more.
        perform setval('vendor_budget_full_at', now + second), setval('vendor_budget_opens_full_at', now + second);
    end if;

    -- One second's burst, and two seconds ahead for final polls.
    busy := least(greatest(pg_sequence_last_value('vendor_budget_full_at') - now, 0), 3 * second);
    room := floor(rate * (1 + ahead - busy::float8 / second));
    first_in := busy::float8 / second + 1 / rate - 1;
    open_in := '-infinity';
    if purpose = 'init' then
        opens_busy := least(greatest(coalesce(pg_sequence_last_value('vendor_budget_opens_full_at'), 0) - now, 0),
                            (opens_burst + 1) * second);
        room := least(room, floor((opens_burst + ahead - opens_busy::float8 / second) * rate / 2));
        open_in := opens_busy::float8 / second + 2 / rate - opens_burst;
    elsif purpose = 'poll' then
        -- An eighth at least: a vendor that answers some calls with 500 for hours signals every second, and sessions are polled
        -- nevertheless.
        slow := least(greatest(coalesce(pg_sequence_last_value('vendor_budget_slow_until'), 0) - now, 0), 30 * second);
        perform setval('vendor_budget_slow_until', now + slow);
        pace := rate / 2 ^ ceil(slow::float8 / (10 * second));
        polls_busy := least(greatest(coalesce(pg_sequence_last_value('vendor_budget_polls_full_at'), 0) - now, 0),
                            greatest(1, 8 / rate) * second);
        room := least(room, floor(greatest(pace, 1) - pace * polls_busy::float8 / second));
    end if;

    granted := case when wanted < 0 then wanted else greatest(0, least(wanted, room)) end;
    perform setval('vendor_budget_full_at', now + busy + (granted * second / rate)::bigint);
    if purpose = 'init' then
        perform setval('vendor_budget_opens_full_at', now + opens_busy + (2 * granted * second / rate)::bigint);
    elsif purpose = 'poll' then
        perform setval('vendor_budget_polls_full_at', now + polls_busy + (granted * second / pace)::bigint);
    end if;
end
$$;

-- The vendor asked for fewer calls: halves the pace of polls, down to an eighth. It recovers one step in ten seconds: long enough to see
-- whether the rate is bearable, short enough to be at full speed a minute after an outage. A burst of calls that all hear "too frequent"
-- is one signal.
create function vendor_budget_slow_down() returns void language plpgsql volatile as $$
declare
    second constant bigint := 1000000;
    now bigint;
    level integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('vendor_budget', 0));
    now := extract(epoch from clock_timestamp()) * second;
    if now - coalesce(pg_sequence_last_value('vendor_budget_slowed_at'), 0) not between 0 and second - 1 then
        level := ceil(greatest(coalesce(pg_sequence_last_value('vendor_budget_slow_until'), 0) - now, 0)::float8 / (10 * second));
        perform setval('vendor_budget_slow_until', now + least(3, level + 1) * 10 * second),
                setval('vendor_budget_slowed_at', now);
    end if;
end
$$;
