package io.liveness.gateway.finance.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which entries are listed.
 *
 * @param from inclusive
 * @param to exclusive
 */
record AuditFilter(Optional<String> who, Optional<String> what, Optional<Instant> from, Optional<Instant> to) {

    /** What a page token is bound to. */
    List<?> fingerprint() {
        return List.of(who, what, from, to);
    }
}
