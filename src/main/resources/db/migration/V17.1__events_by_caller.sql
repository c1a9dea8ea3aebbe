-- The feed of a caller, in order: see docs/decisions/0051.
drop index concurrently if exists event_by_caller;
create index concurrently event_by_caller on session_event (caller, seq) where caller is not null;
