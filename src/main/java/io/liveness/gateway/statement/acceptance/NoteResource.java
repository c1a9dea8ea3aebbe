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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Notes on the differences of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "409", ref = "DifferenceConflict")
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
            summary = "Sets the note and the assignee of a difference",
            description = "Replaces the earlier note and assignee. An absent field is removed.")
    @RequestBody(ref = "NoteDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceNoted")
    @APIResponse(responseCode = "404", ref = "NotFound")
    public Uni<DifferenceView> set(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @PathParam("differenceId") @Parameter(ref = "DifferenceId") String differenceId,
            @NotNull(message = "is required") @Valid NoteRequest body) {
        UUID statement = Parameters.uuid("id", id);
        UUID difference = Parameters.uuid("differenceId", differenceId);
        return notes.note(statement, difference, body.checkedNote(), body.checkedAssignee(), Caller.actor(identity))
                .chain(() -> differences.of(statement, List.of(difference)))
                .map(rows -> DifferenceView.of(rows.get(0)));
    }
}
