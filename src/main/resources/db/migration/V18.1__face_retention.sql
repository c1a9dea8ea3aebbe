-- Sessions whose face image can still be fetched, by verdict: those of liveness.face.retention and no history.
drop index concurrently if exists face_by_verdict;
create index concurrently face_by_verdict on liveness_session (verdict_at) where face_url_sealed is not null;
