-- What the bench needs in each database beside the gateway's schema.
create extension pg_walinspect;

create function bench_uuid7() returns uuid language sql volatile as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(
        int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The table of db-scheduler, with the indexes that its way of polling uses.
create table scheduled_tasks (
    task_name text, task_instance text, task_data bytea, execution_time timestamptz not null, picked boolean not null, picked_by text,
    last_success timestamptz, last_failure timestamptz, consecutive_failures integer, last_heartbeat timestamptz,
    version bigint not null, priority smallint, state text,
    primary key (task_name, task_instance)
);
create index on scheduled_tasks (execution_time);
create index on scheduled_tasks (last_heartbeat);
