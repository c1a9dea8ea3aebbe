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
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A record of an erasure that is repeated, as the list of records gave it. */
@Schema(
        name = "RepeatedErasureRecord",
        description = "A record of an erasure, as the list of records gave it.",
        additionalProperties = Schema.False.class)
record RepeatRequest(
        @NotNull(message = "is required") @Schema(implementation = UUID.class, description = "The erasure.")
        String id,

        @NotNull(message = "is required")
        @Schema(description = "The caller that requested it.", minLength = 1, maxLength = MAX_CALLER)
        String caller,

        @NotNull(message = "is required")
        @Schema(type = SchemaType.STRING, format = "date-time", description = "When it was requested.")
        String requestedAt,

        @NotNull(message = "is required")
        @Size(max = ErasureSql.MOST_SESSIONS, message = "must have at most " + ErasureSql.MOST_SESSIONS + " ids")
        @Schema(
                type = SchemaType.ARRAY,
                implementation = UUID.class,
                description = "Its sessions, without duplicates.",
                maxItems = ErasureSql.MOST_SESSIONS)
        List<String> sessionIds) {

    static final int MAX_CALLER = 256;

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
