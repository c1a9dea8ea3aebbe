package io.liveness.gateway.statement;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Statements over HTTP. */
@Path(StatementResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
class StatementResource {

    static final String PATH = "/v1/statements";

    /** The longest reason, in characters. */
    private static final int MAX = 500;

    private static final List<?> NO_FILTERS = List.of("statements");

    private final StoreStatements statements;
    private final WithdrawStatement withdraw;
    private final SecurityIdentity identity;

    StatementResource(StoreStatements statements, WithdrawStatement withdraw, SecurityIdentity identity) {
        this.statements = statements;
        this.withdraw = withdraw;
        this.identity = identity;
    }

    @GET
    @Operation(
            operationId = "listStatements",
            summary = "Lists statements, newest first",
            description = "Includes statements under way, failed, withdrawn and superseded; excludes dry runs.")
    @APIResponse(responseCode = "200", ref = "StatementPage")
    public StatementView.Page list(@BeanParam PageQuery query) {
        int size = query.size();
        return Page.of(
                statements.page(query.after(NO_FILTERS), size + 1),
                size,
                StatementRow::view,
                row -> new PageToken(row.view().id()).encode(NO_FILTERS),
                StatementView.Page::new);
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "getStatement",
            summary = "Returns a statement and the progress of its import",
            description = "Repeat until the status is DONE or FAILED. A dry run can be read for an hour.")
    @APIResponse(responseCode = "200", ref = "Statement")
    public StatementView get(@PathParam("id") @Parameter(ref = "StatementId") String id) {
        return statements
                .byId(Parameters.uuid("id", id))
                .map(StatementRow::view)
                .orElseThrow(ProblemException::notFound);
    }

    @POST
    @Path("/{id}/withdraw")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "withdrawStatement",
            summary = "Withdraws a statement",
            description =
                    "The statement no longer counts and stays readable. Its file may be imported again. A repeated"
                            + " request changes nothing. Where two people have confirmed adjustments of it, the first request"
                            + " proposes the withdrawal, and one of another person with the role finance-admin does it.")
    @RequestBody(ref = "WithdrawStatement")
    @APIResponse(responseCode = "200", ref = "StatementWithdrawn")
    @APIResponse(responseCode = "409", ref = "StatementUnderWay")
    public StatementView withdraw(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @NotNull(message = "is required") @Valid Withdrawal request) {
        withdraw.withdraw(Parameters.uuid("id", id), identity, Parameters.text("reason", request.reason, 1, MAX));
        return get(id);
    }

    /** Why a statement is taken back. */
    @Schema(
            name = "WithdrawStatementRequest",
            description = "The reason for a withdrawal.",
            additionalProperties = Schema.False.class)
    record Withdrawal(
            @NotNull(message = "is required")
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = MAX)
            String reason) {}
}
