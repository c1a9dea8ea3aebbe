-- The database's clock. What is on the schedule, and fees, go by the time on which the replicas agree, which is a parameter: see
-- docs/decisions/0071. It has a name so that tests can move it. Stable, so that an index can be searched by it.
create function liveness_now() returns timestamptz language sql stable parallel safe return now();

-- A UUIDv7 (RFC 9562), as the service makes them: milliseconds, the version, and random bits.
create function new_id() returns uuid language sql volatile as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from liveness_now()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;
