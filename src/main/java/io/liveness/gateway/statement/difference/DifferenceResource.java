package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.Page;
import io.liveness.gateway.platform.PageToken;
import io.liveness.gateway.platform.Parameters;
import io.liveness.gateway.platform.ProblemException;
import io.liveness.gateway.platform.Roles;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The results of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
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
class DifferenceResource {

    private final ListDifferences differences;

    DifferenceResource(ListDifferences differences) {
        this.differences = differences;
    }

    @GET
    @Path("/{id}/differences")
    @Operation(
            operationId = "listStatementDifferences",
            summary = "Lists what came of a statement's lines and of the sessions of its period",
            description = "Without a kind: the differences, in the order of the lines.")
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = DifferencePage.class),
                            examples =
                                    @ExampleObject(name = "StatementDifferencePage", ref = "StatementDifferencePage")))
    public Uni<DifferencePage> list(
            @PathParam("id")
                    @Parameter(
                            description = "The statement.",
                            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
                            example = "019e52f0-5a07-7c53-9d3e-5a1f0c4b7a40")
                    String id,
            @BeanParam DifferenceQuery query) {
        UUID statement = Parameters.uuid("id", id);
        DifferenceFilter filter = query.filter();
        List<?> place = List.of(statement, filter.fingerprint());
        int size = query.size();
        return differences
                .page(statement, filter, query.after(place), size + 1)
                .map(found -> Page.of(
                        found.orElseThrow(ProblemException::notFound),
                        size,
                        DifferenceView::of,
                        row -> new PageToken(row.id()).encode(place),
                        DifferencePage::new));
    }
}
