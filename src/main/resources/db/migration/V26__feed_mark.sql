-- The feed takes its mark from the locks of those who write events: see docs/decisions/0051.
drop function event_mark();
