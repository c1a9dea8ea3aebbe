package io.liveness.gateway.events.webhook;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/** Which deliveries are made again. */
record ReplayRequest(@NotNull(message = "is required") String failedSince) {

    Instant since() {
        return Parameters.time("failedSince", failedSince);
    }
}
