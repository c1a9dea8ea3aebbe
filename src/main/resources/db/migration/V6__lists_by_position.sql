-- Lists are read by position, see docs/decisions/0011: each by one index whose columns all run in one direction.
-- With (caller, id) alone the planner may also walk the primary key and throw other callers' rows away, which takes as long
-- as the history is for a caller who has been quiet.
drop index session_by_caller;
drop index session_by_caller_and_status;
drop index session_by_caller_and_reference;
create index session_by_caller on liveness_session (caller, id);
create index session_by_caller_and_status on liveness_session (caller, status, id);
create index session_by_caller_and_reference on liveness_session (caller, reference, id) where reference is not null;

-- For operators, who list everybody's sessions; without a filter the primary key serves them.
create index session_by_status on liveness_session (status, id);
create index session_by_reference on liveness_session (reference, id) where reference is not null;
