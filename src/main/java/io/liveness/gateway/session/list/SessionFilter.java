package io.liveness.gateway.session.list;

import io.liveness.gateway.session.SessionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The filter of a list of sessions.
 *
 * @param caller the owner of the sessions; empty for all callers
 * @param createdFrom inclusive
 * @param createdTo exclusive
 * @param after the last session of the page before
 */
public record SessionFilter(
        Optional<String> caller,
        Optional<SessionStatus> status,
        Optional<String> reference,
        Optional<Instant> createdFrom,
        Optional<Instant> createdTo,
        Optional<UUID> after,
        int pageSize) {

    /** What a page token is bound to. */
    public List<?> fingerprint() {
        return List.of(caller, status, reference, createdFrom, createdTo);
    }

    public SessionFilter after(Optional<UUID> last) {
        return new SessionFilter(caller, status, reference, createdFrom, createdTo, last, pageSize);
    }
}
