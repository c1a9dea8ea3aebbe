package io.liveness.gateway.notification.job;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Which deliveries are made again. */
@Schema(
        name = "WebhookReplayRequest",
        description = "Which deliveries are made again.",
        additionalProperties = Schema.False.class)
record ReplayRequest(
        @NotNull(message = "is required")
        @Schema(
                type = SchemaType.STRING,
                format = "date-time",
                description = "Failed deliveries of events of this time or later.",
                examples = "2026-11-25T00:00:00Z")
        String failedSince) {

    Instant since() {
        return Parameters.time("failedSince", failedSince);
    }
}
