-- The file of a closed month for the archive, written with the close: a ZIP, in pieces. It is never changed.
create table period_archive (
    month   text not null,
    nth     integer not null,                     -- from 0 on
    content bytea not null,
    primary key (month, nth)
);
alter table period_archive alter column content set storage external;     -- it is compressed

create trigger period_archive_stays before update or delete on period_archive
    for each row execute function closed_period_stays();
create trigger period_archive_is_never_emptied before truncate on period_archive
    for each statement execute function period_refuses_truncate();

alter table period add column archive_sha256 text check (archive_sha256 ~ '^[0-9a-f]{64}$');

analyze period_archive;
