package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The record of an erasure: which sessions must stay erased. */
record ErasureRecord(UUID id, String caller, Instant requestedAt, List<UUID> sessionIds) {

    static final int MAX_CALLER = 256;

    /** A record that is repeated, as the list of records gave it. */
    record Repeat(
            @NotNull(message = "is required") String id,

            @NotNull(message = "is required") String caller,

            @NotNull(message = "is required") String requestedAt,

            @NotNull(message = "is required")
            @Size(max = Erasures.MOST_SESSIONS, message = "must have at most " + Erasures.MOST_SESSIONS + " ids")
            List<String> sessionIds) {

        UUID erasure() {
            return Parameters.uuid("id", id);
        }

        String owner() {
            return Parameters.text("caller", caller, 1, MAX_CALLER);
        }

        Instant time() {
            return Parameters.time("requestedAt", requestedAt);
        }

        /** @throws ProblemException for a malformed id, or one that is given twice */
        UUID[] sessions() {
            Set<UUID> read = new LinkedHashSet<>();
            // String.valueOf makes the text "null" of a null element; it is refused as an id.
            for (int i = 0; i < sessionIds.size(); i++) {
                String field = "sessionIds[" + i + "]";
                if (!read.add(Parameters.uuid(field, String.valueOf(sessionIds.get(i))))) {
                    throw ProblemException.invalid(field, "is a duplicate");
                }
            }
            return read.toArray(UUID[]::new);
        }
    }

    /** What a repeated record has found. */
    record Repeated(UUID id, int sessionsFound, int sessionsMissing) {}
}
