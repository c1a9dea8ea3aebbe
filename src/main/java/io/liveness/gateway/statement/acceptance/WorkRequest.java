package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Subject;
import io.quarkus.security.identity.SecurityIdentity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A request to work on differences of a statement.
 *
 * @param by the actor, see {@link Caller#actor}
 * @param subject whom the actor's token was issued to
 * @param key of the caller, for this request
 * @param reason empty where none is given
 * @param session the session that the line belongs to, for a match by hand
 */
record WorkRequest(
        UUID statement,
        List<UUID> differences,
        String by,
        Subject subject,
        String key,
        Optional<String> reason,
        Optional<UUID> session) {

    WorkRequest(
            UUID statement,
            List<UUID> differences,
            SecurityIdentity identity,
            String key,
            Optional<String> reason,
            Optional<UUID> session) {
        this(statement, differences, Caller.actor(identity), Subject.of(identity), key, reason, session);
    }

    /** What its key is for: a request with any other content is another one. */
    String content() {
        String all = differences + " " + session.map(UUID::toString).orElse("") + reason.orElse("");
        return statement + "/" + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a request about one difference. */
    UUID difference() {
        return differences.get(0);
    }
}
