package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Whose fee a line is, and why that is known. */
@Schema(
        name = "MatchDifferenceRequest",
        description = "The session that a line belongs to, and the reason.",
        additionalProperties = Schema.False.class)
record MatchRequest(
        @NotNull(message = "is required") @Schema(implementation = UUID.class, description = "The session of the fee.")
        String sessionId,

        @NotNull(message = "is required")
        @Schema(description = "Free text for readers.", minLength = 1, maxLength = AcceptRequest.MAX)
        String reason) {

    UUID session() {
        return Parameters.uuid("sessionId", sessionId);
    }

    /** @throws ProblemException for a text that cannot be kept */
    String checked() {
        return Parameters.text("reason", reason, 1, AcceptRequest.MAX);
    }
}
