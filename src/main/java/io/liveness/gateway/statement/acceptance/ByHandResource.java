package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.difference.DifferenceView;
import io.liveness.gateway.statement.difference.ListDifferences;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Matches by hand over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "400", ref = "BadWork")
@APIResponse(responseCode = "409", ref = "DifferenceConflict")
@APIResponse(responseCode = "422", ref = "KeyReused")
class ByHandResource {

    private final MatchByHand matches;
    private final ListDifferences differences;
    private final SecurityIdentity identity;

    ByHandResource(MatchByHand matches, ListDifferences differences, SecurityIdentity identity) {
        this.matches = matches;
        this.differences = differences;
        this.identity = identity;
    }

    @POST
    @Path("/{id}/differences/{differenceId}/match")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "matchStatementDifference",
            summary = "Assigns an unmatched line to a session by hand",
            description =
                    "The line must be `MISSING_IN_LEDGER` or `AMBIGUOUS`, and open. It gets the result that a line with"
                            + " the task number of this session's init would have. The result that this session has no line is"
                            + " removed. The ledger does not change.")
    @RequestBody(ref = "MatchDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceMatched")
    public Uni<RestResponse<DifferenceView>> match(
            @BeanParam OneDifferencePath path, @NotNull(message = "is required") @Valid MatchRequest body) {
        WorkRequest request = request(path, body.checked(), Optional.of(body.session()));
        return matches.match(request).chain(replayed -> one(request, replayed));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/un-match")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "unmatchStatementDifference",
            summary = "Undoes a match by hand",
            description =
                    "Restores the results of the matching. Refused while a difference of the line is accepted or proposed.")
    @RequestBody(ref = "UnmatchDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceUnmatched")
    public Uni<RestResponse<DifferenceView>> unmatch(
            @BeanParam OneDifferencePath path, @NotNull(message = "is required") @Valid AcceptRequest body) {
        WorkRequest request = request(path, body.checked(), Optional.empty());
        return matches.unmatch(request).chain(replayed -> one(request, replayed));
    }

    private WorkRequest request(OneDifferencePath path, String reason, Optional<UUID> session) {
        return new WorkRequest(
                path.statement(), List.of(path.difference()), identity, path.key(), Optional.of(reason), session);
    }

    private Uni<RestResponse<DifferenceView>> one(WorkRequest request, boolean replayed) {
        return differences
                .of(request.statement(), request.differences())
                .map(rows -> IdempotencyKey.answer(DifferenceView.of(rows.get(0)), replayed));
    }
}
