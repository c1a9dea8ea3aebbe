-- Addresses of face images are erased after liveness.face.retention, see docs/privacy.md. What was erased lies in dead rows until a
-- vacuum: it comes after one row in a hundred has changed, not after one in five. Most of these vacuums do not read the indexes.
alter table liveness_session set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 50);
