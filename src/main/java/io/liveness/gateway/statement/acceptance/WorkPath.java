package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Of which statement differences are worked, and the key of that request. */
class WorkPath {

    @PathParam("id")
    @Parameter(name = "id", ref = "StatementId")
    String id;

    @HeaderParam(IdempotencyKey.HEADER)
    @Parameter(name = IdempotencyKey.HEADER, ref = "WorkKey")
    String key;

    UUID statement() {
        return Parameters.uuid("id", id);
    }

    String key() {
        return IdempotencyKey.check(key, "change");
    }
}
