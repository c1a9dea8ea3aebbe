package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which difference is worked, and the key of that request. */
class OneDifferencePath extends WorkPath {

    @PathParam("differenceId")
    @Parameter(
            description = "The difference.",
            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
            example = "019e52f0-5a07-7c53-9d3e-5a0000000804")
    String differenceId;

    UUID difference() {
        return Parameters.uuid("differenceId", differenceId);
    }
}
