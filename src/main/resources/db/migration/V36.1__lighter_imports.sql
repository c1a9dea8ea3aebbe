-- The results of a bill are written in the transaction that makes its statement DONE, and are deleted before it. A look at the statement for
-- each of a million results took much of an import.
alter table statement_match drop constraint statement_match_statement_id_fkey;

-- A file is kept for its import alone, which ends with the database as with its process. A piece that is lost is noticed.
alter table statement_piece set unlogged;
