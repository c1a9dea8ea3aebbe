-- When a caller had the photograph's address forgotten. Its absence alone would not tell: the vendor may have given none.
alter table liveness_session add column face_redacted_at timestamptz,
    add constraint redacted_has_no_face check (face_redacted_at is null or face_url_sealed is null);
