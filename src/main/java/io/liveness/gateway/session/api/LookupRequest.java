package io.liveness.gateway.session.api;

import io.liveness.gateway.session.request.CodePoints;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a return page knows of its session. In a body, not in a query: tokens stay out of access logs. */
@Schema(
        name = "LookupRequest",
        description = "The token that a return page received.",
        additionalProperties = Schema.False.class)
record LookupRequest(
        @NotNull(message = "is required")
        @CodePoints(min = 1, max = 512)
        @Schema(description = "The vendor's token, as the return page received it.", minLength = 1, maxLength = 512)
        String token) {

    @Override
    public String toString() {
        return "LookupRequest[***]";
    }
}
