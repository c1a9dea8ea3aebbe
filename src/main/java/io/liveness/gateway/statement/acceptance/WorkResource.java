package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.difference.DifferencePage;
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

/** Work on the differences of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "400", ref = "BadWork")
@APIResponse(responseCode = "409", ref = "DifferenceConflict")
@APIResponse(responseCode = "422", ref = "KeyReused")
class WorkResource {

    private final WorkDifferences work;
    private final ListDifferences differences;
    private final SecurityIdentity identity;

    WorkResource(WorkDifferences work, ListDifferences differences, SecurityIdentity identity) {
        this.work = work;
        this.differences = differences;
        this.identity = identity;
    }

    @POST
    @Path("/{id}/differences/accept")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "acceptStatementDifferences",
            summary = "Accepts several differences: all or none",
            description =
                    "As accepting one difference. When the sum of the adjustments, with those that the same person has"
                            + " accepted of the statement without a second person, is above `liveness.finance.four-eyes-above`,"
                            + " each of them is proposed.")
    @RequestBody(ref = "AcceptDifferences")
    @APIResponse(responseCode = "200", ref = "DifferencesAccepted")
    public Uni<RestResponse<DifferencePage>> acceptMany(
            @BeanParam WorkPath path, @NotNull(message = "is required") @Valid AcceptManyRequest body) {
        List<UUID> ids = body.differences();
        WorkRequest request = new WorkRequest(
                path.statement(), ids, identity, path.key(), Optional.of(body.checked()), Optional.empty());
        return work.accept(request)
                .chain(replayed -> differences
                        .of(request.statement(), ids)
                        .map(rows -> IdempotencyKey.answer(
                                new DifferencePage(
                                        rows.stream().map(DifferenceView::of).toList(), null),
                                replayed)));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/accept")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "acceptStatementDifference",
            summary = "Accepts a difference: the ledger is adjusted to the statement",
            description =
                    "Writes the adjustment that the difference requires, if any. When the adjustments that the same"
                            + " person accepts of the statement without a second person would be above"
                            + " `liveness.finance.four-eyes-above`, it is proposed, and written when a second person confirms it.")
    @RequestBody(ref = "AcceptDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceAccepted")
    public Uni<RestResponse<DifferenceView>> accept(
            @BeanParam OneDifferencePath path, @NotNull(message = "is required") @Valid AcceptRequest body) {
        WorkRequest request = request(path, Optional.of(body.checked()));
        return work.accept(request).chain(replayed -> one(request, replayed));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/confirm")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    @Operation(
            operationId = "confirmStatementDifference",
            summary = "Confirms another person's proposal and writes the adjustment",
            description =
                    "The person that made the proposal cannot confirm it, by any client. A service cannot either.")
    @APIResponse(responseCode = "200", ref = "DifferenceAccepted")
    public Uni<RestResponse<DifferenceView>> confirm(@BeanParam OneDifferencePath path) {
        WorkRequest request = request(path, Optional.empty());
        return work.confirm(request).chain(replayed -> one(request, replayed));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/un-accept")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "unacceptStatementDifference",
            summary = "Revokes an acceptance or a proposal",
            description =
                    "The difference is open again. The adjustment stays in the ledger; a counter-entry cancels it.")
    @RequestBody(ref = "UnacceptDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceUnaccepted")
    public Uni<RestResponse<DifferenceView>> unaccept(
            @BeanParam OneDifferencePath path, @NotNull(message = "is required") @Valid AcceptRequest body) {
        WorkRequest request = request(path, Optional.of(body.checked()));
        return work.unaccept(request).chain(replayed -> one(request, replayed));
    }

    private WorkRequest request(OneDifferencePath path, Optional<String> reason) {
        return new WorkRequest(
                path.statement(), List.of(path.difference()), identity, path.key(), reason, Optional.empty());
    }

    private Uni<RestResponse<DifferenceView>> one(WorkRequest request, boolean replayed) {
        return differences
                .of(request.statement(), request.differences())
                .map(rows -> IdempotencyKey.answer(DifferenceView.of(rows.get(0)), replayed));
    }
}
