-- Paging through everybody's sessions, newest first: without a filter the primary key serves; these serve status and reference.
create index session_by_status on liveness_session (status, id desc);
create index session_by_reference on liveness_session (reference, id desc) where reference is not null;
