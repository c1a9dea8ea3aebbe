-- After every start's migrations, new ones or none: the service's role may do what the service does, and no more. A role of its
-- own owns nothing, so it can neither change a table nor drop or disable a trigger. Where migrations run as the service's own
-- role there is nothing to grant, and nothing that could be taken from an owner.
do $$
declare
    -- The blanks keep Flyway from reading a $ of the quotes as the beginning of its placeholder.
    service constant text := btrim($role$ ${service-role} $role$);
    service_role constant oid := (select oid from pg_roles where rolname = service);
    object record;
begin
    if service = current_user then
        return;
    end if;
    if service_role is null then
        raise exception 'quarkus.flyway.placeholders.service-role (by default quarkus.datasource.username) names the role %, which does not exist in this database', service;
    end if;
    -- Several replicas may start at once, and rights of one object that change side by side fail.
    perform pg_advisory_xact_lock(1818850414, 1735550318);

    if not has_schema_privilege(service, current_schema(), 'usage') then
        execute format('grant usage on schema %I to %I', current_schema(), service);
    end if;
    -- Events of endpoints take their numbers from the sequence of session_event.
    if not has_sequence_privilege(service, 'session_event_seq_seq', 'usage') then
        execute format('grant usage on sequence session_event_seq_seq to %I', service);
    end if;
    -- The moments of the vendor's budget.
    for object in
        select c.relname as name from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relname like 'vendor\_budget\_%'
          and pg_has_role(c.relowner, 'usage')
          -- In one expression: of conditions that stand apart PostgreSQL may ask the last one first, of an index too.
          and case when c.relkind = 'S' then not has_sequence_privilege(service, c.oid, 'update') else false end
    loop
        execute format('grant select, update on sequence %I to %I', object.name, service);
    end loop;
    -- The function runs as the owner, so not everybody may call it.
    if not has_function_privilege(service, 'remove_unsent(uuid[], integer[], uuid[])', 'execute') then
        execute format('grant execute on function remove_unsent(uuid[], integer[], uuid[]) to %I', service);
    end if;
    for object in
        select c.relname as name, wanted.rights
        from pg_class c
        cross join lateral (select case c.relname
            when 'ledger_entry' then 'select, insert'
            when 'session_event' then 'select, insert'
            when 'face_view' then 'select, insert, delete'
            when 'audit_entry' then 'select, insert'
            when 'finance_request' then 'select, insert'
            when 'period_archive' then 'select, insert'
            when 'flyway_schema_history' then 'select'
            when 'feed_epoch' then 'select'
            when 'write_offs' then 'select'
            when 'erasure_session' then 'select, insert'
            when 'session_end' then 'select, insert, update, delete'
            when 'session_token' then 'select, insert, delete'
            when 'session_schedule' then 'select, insert, update, delete'
            when 'session_open' then 'select, insert, update, delete'
            when 'opener' then 'select, insert, update, delete'
            when 'replica' then 'select, insert, update, delete'
            when 'books_difference' then 'select, insert, update, delete'
            when 'caller_budget' then 'select, insert, update, delete'
            when 'statement_mapping' then 'select, insert, update, delete'
            when 'statement' then 'select, insert, update, delete'
            when 'statement_piece' then 'select, insert, delete'
            when 'statement_file' then 'select, insert'
            when 'statement_match' then 'select, insert, update, delete'
            when 'webhook_endpoint' then 'select, insert, update, delete'
            when 'webhook_delivery' then 'select, insert, update, delete'
            when 'webhook_job' then 'select, insert, update, delete'
            when 'webhook_endpoint_event' then 'select, insert, delete'
            when 'write_probe' then 'select, update' -- for update, of no row
            else case c.relkind when 'v' then 'select' else 'select, insert, update' end end as rights) wanted
        cross join lateral (select coalesce(string_agg(lower(a.privilege_type), ', '
                order by array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], a.privilege_type)), '') as rights
            from aclexplode(c.relacl) a where a.grantee = service_role) given
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v')
          and pg_has_role(c.relowner, 'usage')
          and wanted.rights <> given.rights
    loop
        execute format('revoke all on %I from %I', object.name, service);
        execute format('grant %s on %I to %I', object.rights, object.name, service);
    end loop;
end
$$;
