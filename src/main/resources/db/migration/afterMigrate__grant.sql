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
    -- Events of endpoints take their numbers from the sequence of session_event, and the feed reads how far it has come.
    if not has_sequence_privilege(service, 'session_event_seq_seq', 'usage')
       or not has_sequence_privilege(service, 'session_event_seq_seq', 'select') then
        execute format('grant usage, select on sequence session_event_seq_seq to %I', service);
    end if;
    for object in
        select c.relname as name, wanted.rights
        from pg_class c
        cross join lateral (select case c.relname
            when 'ledger_entry' then 'select, insert'
            when 'audit_entry' then 'select, insert'
            when 'finance_request' then 'select, insert'
            when 'flyway_schema_history' then 'select'
            when 'session_schedule' then 'select, insert, update, delete'
            when 'books_difference' then 'select, insert, update, delete'
            when 'caller_budget' then 'select, insert, update, delete'
            when 'statement_mapping' then 'select, insert, update, delete'
            when 'statement' then 'select, insert, update, delete'
            when 'statement_piece' then 'select, insert, delete'
            when 'statement_line' then 'select, insert, delete'
            when 'statement_match' then 'select, insert, update, delete'
            when 'webhook_endpoint' then 'select, insert, update, delete'
            when 'webhook_outbox' then 'select, insert, update, delete'
            when 'webhook_delivery' then 'select, insert, delete'
            when 'webhook_job' then 'select, insert, update, delete'
            when 'webhook_endpoint_event' then 'select, insert, delete'
            else 'select, insert, update' end as rights) wanted
        cross join lateral (select coalesce(string_agg(lower(a.privilege_type), ', '
                order by array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], a.privilege_type)), '') as rights
            from aclexplode(c.relacl) a where a.grantee = service_role) given
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
          and pg_has_role(c.relowner, 'usage')
          and wanted.rights <> given.rights
    loop
        execute format('revoke all on %I from %I', object.name, service);
        execute format('grant %s on %I to %I', object.rights, object.name, service);
    end loop;
end
$$;
