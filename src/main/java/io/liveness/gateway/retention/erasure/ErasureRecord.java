package io.liveness.gateway.retention.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
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

/** The record of an erasure: which sessions must stay erased. */
@Schema(
        name = "ErasureRecord",
        description =
                "The record of an erasure: which sessions must stay erased. Of a person it has ids of sessions alone.")
record ErasureRecord(
        @Schema(required = true, description = "The erasure.")
        UUID id,

        @Schema(required = true, description = "The caller that requested it.", maxLength = ErasureRecord.MAX_CALLER)
        String caller,

        @Schema(required = true, description = "When it was requested.")
        Instant requestedAt,

        @Schema(
                required = true,
                type = SchemaType.ARRAY,
                implementation = UUID.class,
                description = "Its sessions, those that still wait for their end included.",
                maxItems = Erasures.MOST_SESSIONS)
        List<UUID> sessionIds) {

    static final int MAX_CALLER = 256;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ErasureRecordPage", description = "A page of records of erasures, oldest first.")
    record Page(
            @Schema(required = true, description = "The records of this page.")
            List<ErasureRecord> items,

            @Schema(description = "What the next page is asked for with; absent on the last page.")
            String nextPageToken) {}

    /** A record that is repeated, as the list of records gave it. */
    @Schema(
            name = "RepeatedErasureRecord",
            description = "A record of an erasure, as the list of records gave it.",
            additionalProperties = Schema.False.class)
    record Repeat(
            @NotNull(message = "is required") @Schema(implementation = UUID.class, description = "The erasure.")
            String id,

            @NotNull(message = "is required")
            @Schema(description = "The caller that requested it.", minLength = 1, maxLength = MAX_CALLER)
            String caller,

            @NotNull(message = "is required")
            @Schema(type = SchemaType.STRING, format = "date-time", description = "When it was requested.")
            String requestedAt,

            @NotNull(message = "is required")
            @Size(max = Erasures.MOST_SESSIONS, message = "must have at most " + Erasures.MOST_SESSIONS + " ids")
            @Schema(
                    type = SchemaType.ARRAY,
                    implementation = UUID.class,
                    description = "Its sessions, without duplicates.",
                    maxItems = Erasures.MOST_SESSIONS)
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
    @Schema(name = "RepeatedErasure", description = "What a repeated record has found in the database.")
    record Repeated(
            @Schema(required = true, description = "The erasure.")
            UUID id,

            @Schema(
                    required = true,
                    description =
                            "How many of its sessions are there. They are erased, or will be when they have ended.",
                    minimum = "0")
            int sessionsFound,

            @Schema(
                    required = true,
                    description = "How many are not there, or are another caller's: there is nothing to erase.",
                    minimum = "0")
            int sessionsMissing) {}
}
