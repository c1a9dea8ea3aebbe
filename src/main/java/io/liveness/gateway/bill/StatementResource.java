package io.liveness.gateway.bill;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;

/** Statements over HTTP. */
@Path(StatementResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class StatementResource {

    static final String PATH = "/v1/statements";

    /** What a key is for. */
    private static final String CHANGE = "change";

    /** The longest reason, in characters. */
    private static final int MAX = 500;

    private final StoreStatements statements;
    private final WithdrawStatement withdraw;
    private final SecurityIdentity identity;

    StatementResource(StoreStatements statements, WithdrawStatement withdraw, SecurityIdentity identity) {
        this.statements = statements;
        this.withdraw = withdraw;
        this.identity = identity;
    }

    @GET
    public Page<StatementView> list(@BeanParam PageQuery query) {
        return query.page(List.of("statements"), statements::page, StatementView::id);
    }

    @GET
    @Path("/{id}")
    public StatementView get(@PathParam("id") String id) {
        return statements.byId(Parameters.uuid("id", id)).orElseThrow(ProblemException::notFound);
    }

    @POST
    @Path("/{id}/withdraw")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<StatementView> withdraw(
            @PathParam("id") String id,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = "is required") @Valid Withdrawal request) {
        boolean replayed = withdraw.withdraw(
                Parameters.uuid("id", id),
                identity,
                IdempotencyKey.required(key, CHANGE),
                Parameters.optionalText("proposedBy", request.proposedBy, Caller.LONGEST_ACTOR),
                Parameters.text("reason", request.reason, 1, MAX));
        return IdempotencyKey.answer(get(id), replayed);
    }

    @DELETE
    @Path("/{id}/withdraw")
    public RestResponse<StatementView> decline(
            @PathParam("id") String id, @HeaderParam(IdempotencyKey.HEADER) String key) {
        boolean replayed = withdraw.decline(Parameters.uuid("id", id), identity, IdempotencyKey.required(key, CHANGE));
        return IdempotencyKey.answer(get(id), replayed);
    }

    /** Why a statement is taken back, and whose proposal that carries out. */
    record Withdrawal(@NotNull(message = "is required") String reason, String proposedBy) {}
}
