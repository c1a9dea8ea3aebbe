package plain;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;

@Entity
@Table(name = "session_event")
class Event extends Row {

    UUID sessionId;
    String type;
    Instant at;

    @ColumnTransformer(write = "?::jsonb")
    String detail;

    protected Event() {}

    Event(UUID session, String type, Instant at, String detail) {
        this.id = Ids.next();
        this.sessionId = session;
        this.type = type;
        this.at = at;
        this.detail = detail;
    }
}
