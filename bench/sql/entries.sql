-- Entries of each index, for each of :n operations since :since.
select '  ' || c.relname, round(count(*) / :n::numeric, 2)
from pg_get_wal_block_info(:'since', pg_current_wal_flush_lsn()) b
join pg_class c on c.relfilenode = b.relfilenode
where b.resource_manager = 'Btree' and b.record_type ~ '^(INSERT_LEAF|INSERT_POST|SPLIT)' and b.block_id = 0
group by c.relname having count(*) > :n / 20.0 order by c.relname;
