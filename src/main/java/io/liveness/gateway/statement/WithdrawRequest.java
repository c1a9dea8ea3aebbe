package io.liveness.gateway.statement;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why a statement is taken back. */
@Schema(
        name = "WithdrawStatementRequest",
        description = "The reason for a withdrawal.",
        additionalProperties = Schema.False.class)
record WithdrawRequest(
        @NotNull(message = "is required")
        @Schema(description = "Free text for readers.", minLength = 1, maxLength = MAX)
        String reason) {

    private static final int MAX = 500;

    /** @throws ProblemException for a text that cannot be kept */
    String checked() {
        return Parameters.text("reason", reason, 1, MAX);
    }
}
