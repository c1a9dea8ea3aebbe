package io.liveness.gateway.finance.history;

import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a fee went through, over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
@Tag(ref = "Charges")
@APIResponse(responseCode = "400", ref = "BadRequest")
@APIResponse(responseCode = "401", ref = "Unauthenticated")
@APIResponse(responseCode = "403", ref = "Forbidden")
@APIResponse(responseCode = "404", ref = "NotFound")
@APIResponse(responseCode = "406", ref = "NotAcceptable")
@APIResponse(responseCode = "413", ref = "TooLarge")
@APIResponse(responseCode = "429", ref = "RateLimited")
@APIResponse(responseCode = "431", ref = "HeadersTooLarge")
@APIResponse(responseCode = "500", ref = "InternalError")
@APIResponse(responseCode = "503", ref = "Unavailable")
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
            summary = "Tells why a fee was charged or came back",
            description =
                    "The rows of the ledger and the events of the session. For the roles finance and finance-admin of any session,"
                            + " else of an own one.")
    @APIResponse(
            responseCode = "200",
            description = "What the fee went through",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = HistoryView.class),
                            examples = @ExampleObject(name = "ChargeHistory", ref = "ChargeHistory")))
    public Uni<HistoryView> history(
            @PathParam("id")
                    @Parameter(
                            description = "The id of the session.",
                            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
                            example = "019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10")
                    String id) {
        UUID session = Parameters.uuid("id", id);
        ChargeViewer viewer = ChargeViewer.of(identity);
        return history.of(session, viewer.whose(Optional.empty()), viewer.seesAll());
    }
}
