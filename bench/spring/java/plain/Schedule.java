package plain;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;

@Entity
@Table(name = "session_schedule")
@AttributeOverride(name = "id", column = @Column(name = "session_id"))
class Schedule extends Row {

    String caller;
    String status;
    int attempt;
    Instant initAt;
    byte[] tokenSealed;
    Instant tokenExpiresAt;
    Instant finalPollsFrom;
    Instant nextPollAt;

    protected Schedule() {}

    Schedule(Session session) {
        this.id = session.id;
        this.caller = session.caller;
        this.status = session.status;
        this.attempt = session.attempt;
        this.initAt = session.initAt;
        this.nextPollAt = initAt.plusSeconds(30);
    }

    void opened(Session session) {
        status = session.status;
        tokenSealed = session.tokenSealed;
        tokenExpiresAt = session.tokenExpiresAt;
        finalPollsFrom = tokenExpiresAt.minus(Duration.ofMinutes(5));
        nextPollAt = initAt.plus(Duration.ofHours(1));
    }
}
