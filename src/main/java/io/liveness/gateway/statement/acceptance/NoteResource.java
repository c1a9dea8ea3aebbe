package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.difference.DifferenceView;
import io.liveness.gateway.statement.difference.ListDifferences;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Notes on the differences of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "400", ref = "BadRequest")
@APIResponse(responseCode = "401", ref = "Unauthenticated")
@APIResponse(responseCode = "403", ref = "Forbidden")
@APIResponse(responseCode = "404", ref = "NotFound")
@APIResponse(responseCode = "406", ref = "NotAcceptable")
@APIResponse(responseCode = "409", ref = "DifferenceConflict")
@APIResponse(responseCode = "413", ref = "TooLarge")
@APIResponse(responseCode = "415", ref = "UnsupportedMediaType")
@APIResponse(responseCode = "429", ref = "RateLimited")
@APIResponse(responseCode = "431", ref = "HeadersTooLarge")
@APIResponse(responseCode = "500", ref = "InternalError")
@APIResponse(responseCode = "503", ref = "Unavailable")
class NoteResource {

    private final NoteDifference notes;
    private final ListDifferences differences;
    private final SecurityIdentity identity;

    NoteResource(NoteDifference notes, ListDifferences differences, SecurityIdentity identity) {
        this.notes = notes;
        this.differences = differences;
        this.identity = identity;
    }

    @PUT
    @Path("/{id}/differences/{differenceId}/note")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setStatementDifferenceNote",
            summary = "Writes down something about a difference, and who looks after it",
            description = "In place of what was written before: what is absent is removed.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = NoteRequest.class),
                            examples = @ExampleObject(name = "NoteDifference", ref = "NoteDifference")))
    @APIResponse(
            responseCode = "200",
            description = "The difference as it stands now",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = DifferenceView.class),
                            examples = @ExampleObject(name = "NotedDifference", ref = "NotedDifference")))
    public Uni<DifferenceView> set(
            @PathParam("id")
                    @Parameter(
                            description = "The statement.",
                            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
                            example = "019e52f0-5a07-7c53-9d3e-5a1f0c4b7a40")
                    String id,
            @PathParam("differenceId")
                    @Parameter(
                            description = "The difference.",
                            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
                            example = "019e52f0-5a07-7c53-9d3e-5a0000000804")
                    String differenceId,
            @NotNull(message = "is required") @Valid NoteRequest body) {
        UUID statement = Parameters.uuid("id", id);
        UUID difference = Parameters.uuid("differenceId", differenceId);
        return notes.note(statement, difference, body.checkedNote(), body.checkedAssignee(), Caller.actor(identity))
                .chain(() -> differences.of(statement, List.of(difference)))
                .map(rows -> DifferenceView.of(rows.get(0)));
    }
}
