-- A cursor of the feed belongs to the database as it was since the last restore: see docs/operations.md, "After a restore".
create table feed_epoch (
    only_row      boolean primary key default true check (only_row),
    epoch         bigint not null,   -- cursors carry it
    goes_on_after bigint             -- the last number that was given before the first restore; null without one
);

insert into feed_epoch values (true, 0, null);

analyze feed_epoch;
