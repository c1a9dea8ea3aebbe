-- Two secrets that were replaced sign too: a rotation that is repeated after a lost answer leaves the receiver the secret that it has.
alter table webhook_endpoint
    add column older_secret_sealed bytea,
    add column older_secret_until  timestamptz;
