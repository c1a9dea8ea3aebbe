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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The history of a fee over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
@Tag(ref = "Charges")
class HistoryResource {

    private final ReadHistory history;
    private final SecurityIdentity identity;

    HistoryResource(ReadHistory history, SecurityIdentity identity) {
        this.history = history;
        this.identity = identity;
    }

    @GET
    @Path("/{id}/history")
    @Operation(
            operationId = "getChargeHistory",
            summary = "Returns the history that explains why a fee was charged or refunded",
            description =
                    "The rows of the ledger and the events of the session. The roles finance and finance-admin may read"
                            + " any session; other callers may read their own.")
    @APIResponse(responseCode = "200", ref = "ChargeHistory")
    public HistoryView history(@PathParam("id") @Parameter(ref = "SessionId") String id) {
        UUID session = Parameters.uuid("id", id);
        ChargeViewer viewer = ChargeViewer.of(identity);
        return history.of(session, viewer.whose(Optional.empty()), viewer.seesAll());
    }
}
