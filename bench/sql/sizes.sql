-- What is stored for each of :n ended sessions.
select relname, round(reltuples::numeric / :n, 1), round(pg_table_size(oid)::numeric / :n), round(pg_indexes_size(oid)::numeric / :n)
from pg_class where relname in ('liveness_session', 'session_end', 'session_token', 'session_event', 'ledger_entry', 'session_schedule') order by relname;
