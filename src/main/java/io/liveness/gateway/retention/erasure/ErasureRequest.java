package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.session.request.CodePoints;
import io.liveness.gateway.session.request.OpenSessionRequest;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Whose data is erased. */
@Schema(name = "ErasureRequest", description = "Whose data is erased.", additionalProperties = Schema.False.class)
record ErasureRequest(
        @NotNull(message = "is required")
        @CodePoints(min = 1, max = OpenSessionRequest.MAX_REFERENCE)
        @Schema(
                description =
                        "The reference of the person's sessions, exactly as they were opened with it. At most 1000 sessions may have"
                                + " it: a reference with more is not that of one person.",
                minLength = 1,
                maxLength = OpenSessionRequest.MAX_REFERENCE,
                examples = "order-4711")
        String reference) {

    /** Without the reference. */
    @Override
    public String toString() {
        return "ErasureRequest";
    }
}
