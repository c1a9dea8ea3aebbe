package io.liveness.gateway.session.api;

import io.liveness.gateway.session.request.CodePoints;
import jakarta.validation.constraints.NotNull;

/** What a return page knows of its session. In a body, not in a query: tokens stay out of access logs. */
record LookupRequest(
        @NotNull(message = "is required") @CodePoints(min = 1, max = 512)
        String token) {

    @Override
    public String toString() {
        return "LookupRequest[***]";
    }
}
