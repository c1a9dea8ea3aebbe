package io.liveness.gateway.finance;

import io.liveness.gateway.platform.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Charges over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
@Tag(ref = "Charges")
@APIResponse(responseCode = "400", ref = "BadRequest")
@APIResponse(responseCode = "401", ref = "Unauthenticated")
@APIResponse(responseCode = "403", ref = "Forbidden")
@APIResponse(responseCode = "406", ref = "NotAcceptable")
@APIResponse(responseCode = "413", ref = "TooLarge")
@APIResponse(responseCode = "429", ref = "RateLimited")
@APIResponse(responseCode = "431", ref = "HeadersTooLarge")
@APIResponse(responseCode = "500", ref = "InternalError")
@APIResponse(responseCode = "503", ref = "Unavailable")
class ChargeResource {

    private final ListCharges charges;
    private final SecurityIdentity identity;

    ChargeResource(ListCharges charges, SecurityIdentity identity) {
        this.charges = charges;
        this.identity = identity;
    }

    @GET
    @Operation(
            operationId = "listCharges",
            summary = "Lists charges, newest first: one for each session with a fee",
            description =
                    "For the roles finance and finance-admin those of all callers, else the own ones. Ordered by the time of the"
                            + " pre-deduction; by that of the end when endedFrom or endedTo is given.")
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ChargePage.class),
                            examples = @ExampleObject(name = "ChargePage", ref = "ChargePage")))
    public Uni<ChargePage> list(@BeanParam ChargeQuery query) {
        ChargeFilter filter = query.filter(ChargeViewer.of(identity));
        return charges.page(filter, query.after(filter.fingerprint()), query.size())
                .map(page -> ChargePage.of(page, filter));
    }
}
