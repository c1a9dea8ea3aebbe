package io.liveness.gateway.finance.summary;

import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The caller of the query, as it was sent. */
class CallerQuery {

    private static final int MAX_CALLER = 256;

    @QueryParam("caller")
    @Parameter(name = "caller", ref = "ChargeCaller")
    String caller;

    /** All callers' when empty. */
    Optional<String> whose(ChargeViewer viewer) {
        return viewer.whose(Optional.ofNullable(caller).map(given -> Parameters.text("caller", given, 1, MAX_CALLER)));
    }
}
