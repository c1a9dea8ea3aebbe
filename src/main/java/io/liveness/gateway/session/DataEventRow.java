package io.liveness.gateway.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.Subselect;

/** Something that happened to the personal data of a session: an event of the session, or a view of its face image. */
@Entity
@Immutable
@Subselect("""
        select id, seq, session_id, type, at, detail ->> 'by' as by_whom
        from session_event where type in ('FACE_REDACTED', 'THINNED', 'ERASED', 'DATA_READ')
        union all
        select id, seq, session_id, 'FACE_VIEWED', at, viewed_by from face_view
        """)
public class DataEventRow {

    @Id
    public UUID id;

    public long seq;

    @Column(name = "session_id")
    UUID sessionId;

    /**
     * {@code FACE_VIEWED}: the face image was passed on; recorded before its first byte. {@code FACE_REDACTED}: its address was erased.
     * {@code THINNED}: the data of the request was erased when its retention was over. {@code ERASED}: it was erased because the caller
     * asked for the erasure of a person; callers are told of it. {@code DATA_READ}: metadata and returnUrl were shown to an operator.
     */
    public String type;

    public OffsetDateTime at;

    @Column(name = "by_whom")
    public String by;
}
