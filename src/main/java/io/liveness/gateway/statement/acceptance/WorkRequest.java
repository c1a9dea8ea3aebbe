package io.liveness.gateway.statement.acceptance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A request to work on differences of a statement.
 *
 * @param by the actor, see {@link io.liveness.gateway.platform.security.Caller#actor}
 * @param key of the caller, for this request
 * @param reason empty where none is given
 * @param session the session that the line belongs to, for a match by hand
 */
record WorkRequest(
        UUID statement,
        List<UUID> differences,
        String by,
        String key,
        Optional<String> reason,
        Optional<UUID> session) {

    WorkRequest(UUID statement, List<UUID> differences, String by, String key, Optional<String> reason) {
        this(statement, differences, by, key, reason, Optional.empty());
    }

    /** What its key is for: a request with any other content is another one. */
    String subject() {
        String all = differences + " " + session.map(UUID::toString).orElse("") + reason.orElse("");
        return statement + "/" + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a request about one difference. */
    UUID difference() {
        return differences.get(0);
    }
}
