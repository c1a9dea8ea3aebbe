package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.http.IdempotencyKey;
import jakarta.ws.rs.HeaderParam;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which month is to be closed, and the key of that request. */
class ClosingPath extends MonthPath {

    @HeaderParam(IdempotencyKey.HEADER)
    @Parameter(
            required = true,
            description =
                    "The caller's own key of this request: new for each, kept for its retries. A request that is refused leaves it unused.",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            pattern = "^" + IdempotencyKey.FORM + "$",
                            minLength = 1,
                            maxLength = 64),
            example = "close-2026-10")
    String key;

    String key() {
        return IdempotencyKey.check(key, "closing");
    }
}
