-- A keyed hash of a constant: a start that has other bytes under a known id is refused. Null until a start with this release writes under the key.
alter table encryption_key add column key_check bytea;
