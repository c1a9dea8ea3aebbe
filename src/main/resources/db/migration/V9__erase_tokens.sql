-- The token and checkUrl of a session that has ended are of use to nobody: token_hash alone finds it. Settling erases them from
-- now on, and the constraint holds it to that; this erases those of sessions that ended before.
--
-- Runs without a transaction of its own (see the file .conf): each batch commits, so that no lock lasts, the space of one batch
-- serves the next ones, and a migration that was broken off goes on where it was when it is started again.
alter table liveness_session drop constraint if exists ended_has_no_token;

do $$
declare
    page constant integer := 10000;
    behind uuid := '00000000-0000-0000-0000-000000000000';
    upto uuid;
begin
    loop
        select id into upto
        from (select id from liveness_session where id > behind order by id limit page) batch
        order by id desc limit 1;
        exit when upto is null;

        update liveness_session set token_sealed = null, check_url_sealed = null
        where id > behind and id <= upto and status not in ('OPENING', 'PENDING')
          and (token_sealed is not null or check_url_sealed is not null);
        commit;
        behind := upto;
    end loop;
end
$$;

-- Not valid at first: adding it waits for no scan of the table, and the scan that follows lets others read and write.
alter table liveness_session add constraint ended_has_no_token
    check (status in ('OPENING', 'PENDING') or (token_sealed is null and check_url_sealed is null)) not valid;
alter table liveness_session validate constraint ended_has_no_token;
