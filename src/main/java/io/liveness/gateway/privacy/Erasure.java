package io.liveness.gateway.privacy;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;

/** An erasure, as its caller reads it; {@link RunErasures} goes on with the row. It never repeats the reference. */
@Entity
@Immutable
@Table(name = "erasure")
class Erasure {

    /** Sessions of one erasure at most: a reference with more is not that of one person. */
    static final int MOST_SESSIONS = 1_000;

    @Id
    UUID id;

    String caller;

    byte[] keyHash;

    byte[] requestHash;

    Instant requestedAt;

    /** Null while sessions are being erased, or wait for their end. */
    Instant finishedAt;

    @Formula("(select count(*) from erasure_session l where l.erasure_id = id)")
    int sessions;

    @Formula("(select count(*) from erasure_session l join session_outcome s on s.session_id = l.session_id"
            + " where l.erasure_id = id and s.erased_at is null)")
    int waiting;

    /** Fails when its key was used for another request, or when too many sessions have the reference. */
    void requireBegunBy(byte[] hash) {
        if (!MessageDigest.isEqual(requestHash, hash)) {
            throw IdempotencyKey.reused();
        }
        if (sessions > MOST_SESSIONS) {
            throw ProblemException.invalid(
                    "reference",
                    "must be that of one person: more than " + MOST_SESSIONS + " sessions have it; nothing was erased");
        }
    }
}
