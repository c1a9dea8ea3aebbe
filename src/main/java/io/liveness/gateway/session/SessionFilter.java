package io.liveness.gateway.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which of the own sessions are listed.
 *
 * @param createdFrom inclusive
 * @param createdTo exclusive
 * @param after the last session of the page before
 */
record SessionFilter(
        Optional<SessionStatus> status,
        Optional<String> reference,
        Optional<Instant> createdFrom,
        Optional<Instant> createdTo,
        Optional<UUID> after,
        int pageSize) {

    /** What a page token is bound to. */
    List<?> fingerprint() {
        return List.of(status, reference, createdFrom, createdTo);
    }

    SessionFilter after(UUID last) {
        return new SessionFilter(status, reference, createdFrom, createdTo, Optional.of(last), pageSize);
    }
}
