package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which difference is worked, and the key of that request. */
class OneDifferencePath extends WorkPath {

    @PathParam("differenceId")
    @Parameter(name = "differenceId", ref = "DifferenceId")
    String differenceId;

    UUID difference() {
        return Parameters.uuid("differenceId", differenceId);
    }
}
