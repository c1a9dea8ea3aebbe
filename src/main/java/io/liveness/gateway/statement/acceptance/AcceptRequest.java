package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why a difference is accepted, or no more. */
@Schema(
        name = "DifferenceReason",
        description = "Why a difference is accepted, or is no more.",
        additionalProperties = Schema.False.class)
record AcceptRequest(
        @NotNull(message = "is required") @Schema(description = "For people.", minLength = 1, maxLength = MAX)
        String reason) {

    static final int MAX = 500;

    /** @throws ProblemException for a text that cannot be kept */
    String checked() {
        return Parameters.text("reason", reason, 1, MAX);
    }
}
