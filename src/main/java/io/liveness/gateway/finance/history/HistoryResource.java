package io.liveness.gateway.finance.history;

import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;

/** The history of a fee over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
class HistoryResource {

    private final ReadHistory history;
    private final SecurityIdentity identity;

    HistoryResource(ReadHistory history, SecurityIdentity identity) {
        this.history = history;
        this.identity = identity;
    }

    @GET
    @Path("/{id}/history")
    public HistoryView history(@PathParam("id") String id) {
        UUID session = Parameters.uuid("id", id);
        ChargeViewer viewer = ChargeViewer.of(identity);
        return history.of(session, viewer.whose(Optional.empty()), viewer.seesAll());
    }
}
