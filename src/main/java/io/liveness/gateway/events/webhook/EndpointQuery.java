package io.liveness.gateway.events.webhook;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;

/** The query of the list of endpoints, as it was sent. */
class EndpointQuery extends PageQuery {

    private static final int MAX_CALLER = 256;

    @QueryParam("caller")
    String caller;

    @QueryParam("status")
    String status;

    @QueryParam("healthy")
    String healthy;

    /** @param own the caller that asks; empty for an operator, who may ask for those of any caller */
    EndpointFilter filter(Optional<String> own) {
        return new EndpointFilter(
                whose(own),
                Optional.ofNullable(status).map(given -> Parameters.choice("status", EndpointStatus.class, given)),
                Optional.ofNullable(healthy).map(given -> Parameters.flag("healthy", given)));
    }

    private Optional<String> whose(Optional<String> own) {
        if (own.isEmpty()) {
            return Optional.ofNullable(caller).map(given -> Parameters.text("caller", given, 1, MAX_CALLER));
        }
        if (caller != null && !caller.equals(own.get())) {
            throw ProblemException.invalid(
                    "caller", "must be left out: only the role operator lists others' endpoints");
        }
        return own;
    }
}
