-- Lists are of results that did not match: few. All results of a statement are found by their ids, which begin as its own.
drop index concurrently if exists unmatched_by_kind;
create index concurrently unmatched_by_kind on statement_match (statement_id, kind, id) where kind <> 'MATCHED';
drop index concurrently if exists match_by_kind;
