package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Of which statement differences are worked, and the key of that request. */
class WorkPath {

    @PathParam("id")
    @Parameter(
            description = "The statement.",
            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
            example = "019e52f0-5a07-7c53-9d3e-5a1f0c4b7a40")
    String id;

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
            example = "accept-0804")
    String key;

    UUID statement() {
        return Parameters.uuid("id", id);
    }

    String key() {
        return IdempotencyKey.check(key, "change");
    }
}
