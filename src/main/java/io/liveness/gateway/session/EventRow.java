package io.liveness.gateway.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** Something that happened to a session. It is an entity, because events are listed in pages by Panache: see decision 0002. */
@Entity
@Immutable
@Table(name = "session_event")
public class EventRow {

    @Id
    public UUID id;

    public long seq;

    @Column(name = "session_id")
    UUID sessionId;

    /** Name of an {@link EventType}, or one of {@link DataEventRow}. */
    public String type;

    public OffsetDateTime at;

    @JdbcTypeCode(SqlTypes.JSON)
    public Map<String, Object> detail;
}
