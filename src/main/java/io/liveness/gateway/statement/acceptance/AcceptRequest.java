package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why a difference is accepted, or no more. */
@Schema(
        name = "DifferenceReason",
        description = "The reason for accepting a difference, for revoking an acceptance or for undoing a match.",
        additionalProperties = Schema.False.class)
record AcceptRequest(
        @NotNull(message = "is required")
        @Schema(description = "Free text for readers.", minLength = 1, maxLength = MAX)
        String reason) {

    static final int MAX = 500;

    /** @throws ProblemException for a text that cannot be kept */
    String checked() {
        return Parameters.text("reason", reason, 1, MAX);
    }
}
