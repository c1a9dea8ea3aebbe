-- Reads the table, and holds off no reader or writer.
alter table liveness_session validate constraint thinned_has_no_token_hash;
