-- Of two requests at the same moment one begins a replay.
create unique index replay_under_way on webhook_job (endpoint_id) where kind = 'REPLAY' and ended_at is null;
