package io.liveness.gateway.statement.acceptance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is to be done to differences of a statement.
 *
 * @param by who does it, see {@link io.liveness.gateway.platform.security.Caller#actor}
 * @param key of the caller, for this request
 * @param reason empty where none is given
 * @param session whose the line is, where that is said
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

    /** What its key is for: the same request again is another one when a word of it is. */
    String subject() {
        String all = differences + " " + session.map(UUID::toString).orElse("") + reason.orElse("");
        return statement + "/" + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a request about one difference. */
    UUID difference() {
        return differences.get(0);
    }
}
