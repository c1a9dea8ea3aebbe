package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.session.request.CodePoints;
import io.liveness.gateway.session.request.OpenSessionRequest;
import jakarta.validation.constraints.NotNull;

/** Whose data is erased. */
record ErasureRequest(
        @NotNull(message = "is required") @CodePoints(min = 1, max = OpenSessionRequest.MAX_REFERENCE)
        String reference) {

    /** Without the reference. */
    @Override
    public String toString() {
        return "ErasureRequest";
    }
}
