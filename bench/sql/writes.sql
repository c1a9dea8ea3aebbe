-- What was written for each of :n operations since :since, as the log has it. What autovacuum writes meanwhile is not counted;
-- the budget's table is unlogged and not in it.
with record as (
    select resource_manager as manager, record_type as type, record_length, fpi_length
    from pg_get_wal_records_info(:'since', pg_current_wal_flush_lsn())
    where resource_manager in ('Heap', 'Btree', 'Transaction')
)
select :'what',
       round(count(*) filter (where manager = 'Heap' and type like 'INSERT%') / :n::numeric, 2),
       round(count(*) filter (where manager = 'Heap' and type like 'UPDATE%') / :n::numeric, 2),
       round(count(*) filter (where manager = 'Heap' and type like 'HOT_UPDATE%') / :n::numeric, 2),
       round(count(*) filter (where manager = 'Heap' and type like 'DELETE%') / :n::numeric, 2),
       round(count(*) filter (where manager = 'Heap' and type like 'LOCK%') / :n::numeric, 2),
       round(count(*) filter (where manager = 'Btree' and type ~ '^(INSERT_LEAF|INSERT_POST|SPLIT)') / :n::numeric, 2),
       round(count(*) filter (where manager = 'Transaction' and type like 'COMMIT%') / :n::numeric, 2),
       round(sum(record_length - fpi_length) / :n::numeric),
       round(sum(fpi_length) / :n::numeric)
from record;
