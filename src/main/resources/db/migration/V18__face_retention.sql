-- Addresses of face images are erased after liveness.face.retention, see docs/privacy.md. What was erased lies in dead rows until a
-- vacuum: it comes after one row in a hundred has changed, not after one in five. Most of these vacuums do not read the indexes.
alter table liveness_session set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 50);

-- Views of face images, in one order with the events of sessions. A separate table: there may be any number of them, and a replica of the
-- release before reads all events of a session.
create table face_view (
    id         uuid primary key,                  -- UUIDv7
    seq        bigint not null default nextval('session_event_seq_seq'),
    session_id uuid not null,
    at         timestamptz not null,
    viewed_by  text not null                      -- the caller, with the person after a slash for a session of the console
);

create index face_view_by_session on face_view (session_id, seq);

analyze face_view;
