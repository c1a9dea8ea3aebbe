package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.http.IdempotencyKey;
import jakarta.ws.rs.HeaderParam;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which month is to be closed, and the key of that request. */
class ClosingPath extends MonthPath {

    @HeaderParam(IdempotencyKey.HEADER)
    @Parameter(name = IdempotencyKey.HEADER, ref = "CloseKey")
    String key;

    String key() {
        return IdempotencyKey.check(key, "closing");
    }
}
